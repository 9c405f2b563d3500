// Sockets of the host's.

package host

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// dialTimeout is longer than a guest's patience with most peers, and bounds what
// one that never answers costs.
const dialTimeout = 60 * time.Second

var errOwn = errors.New("the connection would stay on the host")

// Dial is an outside.Dial with ordinary sockets: what any user of the host may do.
func Dial(ctx context.Context, protocol string, target netip.AddrPort) (net.Conn, error) {
	conn, err := dial(ctx, protocol, target)
	if err != nil {
		return nil, err
	}
	// Both ends on one address: it became the host's after it was judged.
	if local := addressOf(conn.LocalAddr()); local.IsValid() && local == addressOf(conn.RemoteAddr()) {
		conn.Close()
		return nil, errOwn
	}
	return conn, nil
}

func dial(ctx context.Context, protocol string, target netip.AddrPort) (net.Conn, error) {
	if protocol == "icmp" {
		return dialEcho(target.Addr())
	}
	dialer := net.Dialer{Timeout: dialTimeout}
	return dialer.DialContext(ctx, protocol, target.String())
}

// addressOf is not valid for an end without one, as ping sockets have.
func addressOf(end net.Addr) netip.Addr {
	if end == nil {
		return netip.Addr{}
	}
	parsed, err := netip.ParseAddrPort(end.String())
	if err != nil {
		return netip.Addr{}
	}
	return parsed.Addr()
}

// dialEcho opens a ping socket, icmp(7): the kernel fills in identifier and
// checksum. It fails with EACCES where net.ipv4.ping_group_range leaves us out.
func dialEcho(target netip.Addr) (net.Conn, error) {
	family, protocol := unix.AF_INET, unix.IPPROTO_ICMP
	if target.Is6() {
		family, protocol = unix.AF_INET6, unix.IPPROTO_ICMPV6
	}
	fd, err := unix.Socket(family, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, protocol)
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	file := os.NewFile(uintptr(fd), "ping")
	defer file.Close()
	var address unix.Sockaddr
	if target.Is6() {
		address = &unix.SockaddrInet6{Addr: target.As16()}
	} else {
		address = &unix.SockaddrInet4{Addr: target.As4()}
	}
	if err := unix.Connect(fd, address); err != nil {
		return nil, os.NewSyscallError("connect", err)
	}
	return net.FileConn(file)
}
