// The host's name servers.

package dns

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

const (
	resolvConf = "/etc/resolv.conf"
	port       = 53
	// tryFor is how long one server may take before the next one is asked.
	tryFor = 3 * time.Second
	// maxMessageBytes is what the length before a message on a stream can say.
	maxMessageBytes = 65535
)

// Servers asks name servers: those it is given, or else those of the host, read
// anew for each query because laptops move.
type Servers struct{ Fixed []netip.AddrPort }

// ParseServers reads addresses, each with a port or without.
func ParseServers(texts []string) ([]netip.AddrPort, error) {
	servers := make([]netip.AddrPort, 0, len(texts))
	for _, text := range texts {
		if server, err := netip.ParseAddrPort(text); err == nil {
			servers = append(servers, server)
			continue
		}
		address, err := netip.ParseAddr(text)
		if err != nil {
			return nil, err
		}
		servers = append(servers, netip.AddrPortFrom(address, port))
	}
	return servers, nil
}

// Lookup is the host's own resolver, /etc/hosts included, or one that asks the
// given servers.
func (s Servers) Lookup(ctx context.Context, network, host string) ([]netip.Addr, error) {
	resolver := net.Resolver{PreferGo: true}
	if len(s.Fixed) > 0 {
		resolver.Dial = func(ctx context.Context, protocol, _ string) (net.Conn, error) {
			var dialer net.Dialer
			return dialer.DialContext(ctx, protocol, s.Fixed[0].String())
		}
	}
	return resolver.LookupNetIP(ctx, network, host)
}

// Exchange asks one server after the other until one answers.
func (s Servers) Exchange(ctx context.Context, query []byte) ([]byte, error) {
	err := errors.New("the host has no name servers")
	for _, server := range s.current() {
		var answer []byte
		if answer, err = ask(ctx, "udp", server, query); err == nil && isTruncated(answer) {
			answer, err = ask(ctx, "tcp", server, query)
		}
		if err == nil {
			return answer, nil
		}
	}
	return nil, err
}

func (s Servers) current() []netip.AddrPort {
	if len(s.Fixed) > 0 {
		return s.Fixed
	}
	content, err := os.ReadFile(resolvConf)
	if err != nil {
		return nil
	}
	return parseResolvConf(string(content))
}

// parseResolvConf reads resolv.conf(5), of which no more than three servers count.
func parseResolvConf(content string) (servers []netip.AddrPort) {
	for line := range strings.Lines(content) {
		fields := strings.Fields(line)
		if len(fields) < 2 || fields[0] != "nameserver" || len(servers) == 3 {
			continue
		}
		if address, err := netip.ParseAddr(fields[1]); err == nil {
			servers = append(servers, netip.AddrPortFrom(address, port))
		}
	}
	return servers
}

func ask(ctx context.Context, protocol string, server netip.AddrPort, query []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, tryFor)
	defer cancel()
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, protocol, server.String())
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	if protocol == "udp" {
		if _, err := conn.Write(query); err != nil {
			return nil, err
		}
		answer := make([]byte, maxMessageBytes)
		n, err := conn.Read(answer)
		return answer[:n], err
	}
	if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(query))), query...)); err != nil {
		return nil, err
	}
	var size [2]byte
	if _, err := io.ReadFull(conn, size[:]); err != nil {
		return nil, err
	}
	answer := make([]byte, binary.BigEndian.Uint16(size[:]))
	_, err = io.ReadFull(conn, answer)
	return answer, err
}

func isTruncated(message []byte) bool {
	var parser dnsmessage.Parser
	header, err := parser.Start(message)
	return err == nil && header.Truncated
}
