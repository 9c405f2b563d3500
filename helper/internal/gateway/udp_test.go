// Datagrams and echo requests.

package gateway

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/transport/udp"
	"gvisor.dev/gvisor/pkg/waiter"

	"pyro-mcp/helper/internal/record"
)

func echoDatagrams(t *testing.T) net.Addr {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		buffer := make([]byte, 65536)
		for {
			n, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			_, _ = conn.WriteTo(buffer[:n], from)
		}
	}()
	return conn.LocalAddr()
}

func TestDatagramsGoBothWays(t *testing.T) {
	for _, target := range []string{"203.0.113.2:99", "[2001:db8::2]:99"} {
		g := newGuest(t, noNames{})
		g.world.put("udp", target, echoDatagrams(t))
		conn := g.dialUDP(target)
		sent := 0
		for _, size := range []int{1, 1000, 0, 9000, 65000} {
			content := strings.Repeat("d", size)
			if _, err := conn.Write([]byte(content)); err != nil {
				t.Fatal(err)
			}
			back := make([]byte, 65536)
			n, err := conn.Read(back)
			if err != nil || string(back[:n]) != content {
				t.Fatalf("%s: %d bytes of %d, %v", target, n, size, err)
			}
			sent += size
		}
		if dials := g.world.dials(); len(dials) != 1 {
			t.Error(dials)
		}
		lines := g.lines()
		if len(lines) != 2 || lines[1].BytesSent != uint64(sent) || lines[1].BytesReceived != uint64(sent) {
			t.Error(lines)
		}
	}
}

// errorOfUDP is what the guest's kernel is told about a datagram, within patience.
func (g *guest) errorOfUDP(target string) tcpip.Error {
	g.t.Helper()
	address, protocol := fullAddress(target)
	var queue waiter.Queue
	endpoint, err := g.stack.NewEndpoint(udp.ProtocolNumber, protocol, &queue)
	if err != nil {
		g.t.Fatal(err)
	}
	defer endpoint.Close()
	entry, told := waiter.NewChannelEntry(waiter.EventErr)
	queue.EventRegister(&entry)
	defer queue.EventUnregister(&entry)
	if err := endpoint.Connect(address); err != nil {
		g.t.Fatal(err)
	}
	if _, err := endpoint.Write(strings.NewReader("x"), tcpip.WriteOptions{}); err != nil {
		g.t.Fatal(err)
	}
	select {
	case <-told:
	case <-time.After(patience):
	}
	return endpoint.LastError()
}

func TestForbiddenAndClosedPortsOfUDPAreTold(t *testing.T) {
	closed, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := newGuest(t, noNames{})
	g.world.put("udp", "203.0.113.2:99", closed.LocalAddr())
	closed.Close()
	for _, target := range []string{"203.0.113.2:99", "203.0.113.2:98", "10.0.0.1:53", "10.87.0.1:99", "[fd87::1]:99", "[64:ff9b::7f00:1]:53"} {
		if err := g.errorOfUDP(target); err == nil {
			t.Errorf("%s: nothing was told", target)
		}
	}
	if dials := g.world.dials(); len(dials) != 2 {
		t.Error(dials)
	}
}

func TestOneFlowTooManyIsRefused(t *testing.T) {
	g := newGuest(t, noNames{})
	server := echoDatagrams(t)
	g.world.lead(func(ctx context.Context, _ string, _ netip.AddrPort) (net.Conn, error) {
		var dialer net.Dialer
		return dialer.DialContext(ctx, "udp", server.String())
	})
	source := netip.MustParseAddrPort("10.87.0.2:4000")
	for port := range uint16(maxConnections + 10) {
		g.send(datagram(source, netip.AddrPortFrom(netip.MustParseAddr("203.0.113.2"), 1000+port), []byte("x")))
	}
	if err := g.errorOfUDP("203.0.113.2:999"); err == nil {
		t.Error("one more than there may be")
	}
	count := uint64(0)
	for _, line := range g.lines() {
		if line.Verdict == record.Refused && line.Reason == reasonTooMany {
			count += max(line.Count, 1)
		}
	}
	if count != 11 {
		t.Error(count)
	}
}
