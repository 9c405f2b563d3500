// Echo requests.

package gateway

import (
	"context"
	"net"
	"net/netip"
	"testing"
	"time"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/adapters/gonet"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv6"
	"gvisor.dev/gvisor/pkg/tcpip/transport/icmp"
	"gvisor.dev/gvisor/pkg/waiter"

	"pyro-mcp/helper/internal/record"
)

// dialEcho opens a ping socket in the guest.
func (g *guest) dialEcho(target string) net.Conn {
	g.t.Helper()
	network, transport := ipv4.ProtocolNumber, icmp.ProtocolNumber4
	address := netip.MustParseAddr(target)
	if address.Is6() {
		network, transport = ipv6.ProtocolNumber, icmp.ProtocolNumber6
	}
	var queue waiter.Queue
	endpoint, err := g.stack.NewEndpoint(transport, network, &queue)
	if err != nil {
		g.t.Fatal(err)
	}
	if err := endpoint.Connect(tcpip.FullAddress{NIC: 1, Addr: tcpip.AddrFromSlice(address.AsSlice())}); err != nil {
		g.t.Fatal(err)
	}
	conn := gonet.NewUDPConn(&queue, endpoint)
	g.t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		g.t.Fatal(err)
	}
	return conn
}

// request is an echo request without identifier and checksum, which the kernel sets.
func request(target netip.Addr, content string) []byte {
	kind, _ := echoTypes(target)
	return append([]byte{kind, 0, 0, 0, 0, 0, 0, 1}, content...)
}

// answering is the host's ping socket to a peer that answers, with an identifier
// of its own.
func answering(t *testing.T) net.Conn {
	t.Helper()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	go func() {
		buffer := make([]byte, 65536)
		for {
			n, from, err := server.ReadFrom(buffer)
			if err != nil {
				return
			}
			_, reply := echoTypes(netip.IPv4Unspecified())
			if buffer[0] == uint8(header.ICMPv6EchoRequest) {
				_, reply = echoTypes(netip.IPv6Unspecified())
			}
			buffer[0], buffer[4], buffer[5] = reply, 0xab, 0xcd
			// What is no reply is none of the guest's.
			_, _ = server.WriteTo([]byte{3, 1, 0, 0, 0, 0, 0, 0}, from)
			_, _ = server.WriteTo(buffer[:n], from)
		}
	}()
	conn, err := net.Dial("udp", server.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

func TestEchoRequestsAreAnswered(t *testing.T) {
	for _, target := range []string{"203.0.113.2", "2001:db8::2", "10.87.0.1", "fd87::1"} {
		g := newGuest(t, noNames{})
		socket := answering(t)
		g.world.lead(func(context.Context, string, netip.AddrPort) (net.Conn, error) { return socket, nil })
		conn := g.dialEcho(target)
		for _, content := range []string{"first", "second"} {
			if _, err := conn.Write(request(netip.MustParseAddr(target), content)); err != nil {
				t.Fatal(err)
			}
			back := make([]byte, 100)
			n, err := conn.Read(back)
			if err != nil || n < 8 || string(back[8:n]) != content {
				t.Errorf("%s: %q %v", target, back[:n], err)
			}
		}
	}
}

func TestOnlyEchoRequestsGoOut(t *testing.T) {
	g := newGuest(t, noNames{})
	source, target := netip.MustParseAddr("10.87.0.2"), netip.MustParseAddr("203.0.113.2")
	for kind := range 256 {
		if kind != int(header.ICMPv4Echo) {
			g.send(icmpPacket(source, target, []byte{byte(kind), 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4}))
		}
	}
	g.send(icmpPacket(source, netip.MustParseAddr("127.0.0.1"), request(target, "x")))
	g.send(icmpPacket(source, netip.MustParseAddr("10.1.1.1"), request(target, "x")))
	if _, err := g.dialTCP("10.87.0.1:1"); err == nil {
		t.Error("connected")
	}
	if dials := g.world.dials(); len(dials) != 0 {
		t.Error(dials)
	}
	counts := map[string]uint64{}
	for _, line := range g.lines() {
		if line.Protocol == "icmp" && line.Verdict == record.Refused {
			counts[line.Reason] += max(line.Count, 1)
		}
	}
	if counts["no echo request"] != 255 || counts["loopback"] != 1 || counts["private range"] != 1 {
		t.Error(counts)
	}
}
