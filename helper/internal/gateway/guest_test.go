// A guest for the tests: a stack of its own, on the other end of a socket, and a
// dialler that records what it is asked for and leads to the test itself.

package gateway

import (
	"context"
	"encoding/json"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"gvisor.dev/gvisor/pkg/buffer"
	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/adapters/gonet"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/link/channel"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv6"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/icmp"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
	"gvisor.dev/gvisor/pkg/tcpip/transport/udp"

	"pyro-mcp/helper/internal/addresses"
	"pyro-mcp/helper/internal/outside"
	"pyro-mcp/helper/internal/policy"
	"pyro-mcp/helper/internal/record"
	"pyro-mcp/helper/internal/wire"
)

const testMTU = 65535

// patience bounds every wait of a test for something that must come.
const patience = 10 * time.Second

// world is what a guest reaches: every dial that the policy lets through goes to
// a server of the test's, and is remembered.
type world struct {
	mu     sync.Mutex
	dialed []string
	// servers by "protocol address:port"; nothing listens elsewhere.
	servers map[string]netip.AddrPort
	owned   map[netip.Addr]bool
	// dialer, when set, takes the place of servers.
	dialer outside.Dial
}

func (w *world) dial(ctx context.Context, protocol string, target netip.AddrPort) (net.Conn, error) {
	w.mu.Lock()
	w.dialed = append(w.dialed, protocol+" "+target.String())
	server, known := w.servers[protocol+" "+target.String()]
	dialer := w.dialer
	w.mu.Unlock()
	if dialer != nil {
		return dialer(ctx, protocol, target)
	}
	if !known {
		return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	}
	var socket net.Dialer
	return socket.DialContext(ctx, protocol, server.String())
}

// own makes address one of the host's.
func (w *world) own(address netip.Addr) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.owned[address] = true
}

func (w *world) isOwn(address netip.Addr) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.owned[address]
}

func (w *world) dials() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.dialed...)
}

// put makes address lead to server.
func (w *world) put(protocol, address string, server net.Addr) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.servers[protocol+" "+address] = netip.MustParseAddrPort(server.String())
}

// lead makes dialer take the place of all servers.
func (w *world) lead(dialer outside.Dial) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dialer = dialer
}

// noNames is a resolver that says nothing.
type noNames struct{}

func (noNames) Answer(context.Context, []byte, bool) []byte { return nil }
func (noNames) NameOf(netip.Addr) string                    { return "" }

type guest struct {
	t      *testing.T
	world  *world
	stack  *stack.Stack
	wire   net.Conn
	record string
	// ended is closed when the gateway has.
	ended chan struct{}
	outer *wire.Outbox
}

// newGuest connects a guest to a gateway with this policy.
func newGuest(t *testing.T, resolver Resolver, allow ...string) *guest {
	t.Helper()
	g := &guest{
		t:      t,
		world:  &world{servers: map[string]netip.AddrPort{}, owned: map[netip.Addr]bool{}},
		record: filepath.Join(t.TempDir(), "record"),
		ended:  make(chan struct{}),
		outer:  wire.NewOutbox(),
	}
	prefixes, err := policy.ParseAllow(allow)
	if err != nil {
		t.Fatal(err)
	}
	recorder, err := record.Open(g.record)
	if err != nil {
		t.Fatal(err)
	}
	inner, outer := socketPair(t)
	g.wire = inner
	go func() {
		defer close(g.ended)
		defer recorder.Close()
		_ = Serve(t.Context(), outer, Options{
			Outside:  outside.Outside{Policy: policy.Policy{Allow: prefixes, Own: g.world.isOwn}, Dial: g.world.dial},
			Record:   recorder,
			Resolver: resolver,
			MTU:      testMTU,
		})
	}()
	g.boot()
	t.Cleanup(g.hangUp)
	return g
}

func socketPair(t *testing.T) (inner, outer net.Conn) {
	t.Helper()
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC|syscall.SOCK_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	ends := make([]net.Conn, 2)
	for i, fd := range fds {
		file := os.NewFile(uintptr(fd), "pair")
		if ends[i], err = net.FileConn(file); err != nil {
			t.Fatal(err)
		}
		file.Close()
	}
	return ends[0], ends[1]
}

// boot makes the guest's stack, as its kernel and its agent do.
func (g *guest) boot() {
	g.stack = stack.New(stack.Options{
		NetworkProtocols:   []stack.NetworkProtocolFactory{ipv4.NewProtocol, ipv6.NewProtocol},
		TransportProtocols: []stack.TransportProtocolFactory{tcp.NewProtocol, udp.NewProtocol, icmp.NewProtocol4, icmp.NewProtocol6},
	})
	device := channel.New(1024, testMTU, "")
	if err := g.stack.CreateNIC(1, device); err != nil {
		g.t.Fatal(err)
	}
	for protocol, own := range map[tcpip.NetworkProtocolNumber]netip.Addr{
		ipv4.ProtocolNumber: addresses.Guest4,
		ipv6.ProtocolNumber: addresses.Guest6,
	} {
		address := tcpip.ProtocolAddress{Protocol: protocol, AddressWithPrefix: tcpip.AddrFromSlice(own.AsSlice()).WithPrefix()}
		if err := g.stack.AddProtocolAddress(1, address, stack.AddressProperties{}); err != nil {
			g.t.Fatal(err)
		}
	}
	g.stack.SetRouteTable([]tcpip.Route{{Destination: header.IPv4EmptySubnet, NIC: 1}, {Destination: header.IPv6EmptySubnet, NIC: 1}})
	go func() { _ = g.outer.Send(g.wire) }()
	go func() {
		for packet := device.ReadContext(g.t.Context()); packet != nil; packet = device.ReadContext(g.t.Context()) {
			g.send(packet.ToView().AsSlice())
			packet.DecRef()
		}
	}()
	go func() {
		reader := wire.NewReader(g.wire)
		for {
			bytes, err := reader.Next()
			if err != nil {
				return
			}
			protocol := ipv4.ProtocolNumber
			if bytes[0]>>4 == 6 {
				protocol = ipv6.ProtocolNumber
			}
			packet := stack.NewPacketBuffer(stack.PacketBufferOptions{Payload: buffer.MakeWithData(bytes)})
			device.InjectInbound(protocol, packet)
			packet.DecRef()
		}
	}()
}

// send puts any bytes on the wire as a packet.
func (g *guest) send(packet []byte) {
	g.outer.Put(wire.Packet{Pieces: [][]byte{append([]byte(nil), packet...)}})
}

// hangUp ends the guest, and waits until the gateway has ended as well.
func (g *guest) hangUp() {
	g.wire.Close()
	select {
	case <-g.ended:
	case <-time.After(patience):
		g.t.Error("the gateway lives on without its guest")
	}
	g.outer.Close()
	g.stack.Close()
}

func (g *guest) dialTCP(target string) (net.Conn, error) {
	address, protocol := fullAddress(target)
	ctx, cancel := context.WithTimeout(g.t.Context(), patience)
	defer cancel()
	return gonet.DialContextTCP(ctx, g.stack, address, protocol)
}

func (g *guest) dialUDP(target string) net.Conn {
	g.t.Helper()
	address, protocol := fullAddress(target)
	conn, err := gonet.DialUDP(g.stack, nil, &address, protocol)
	if err != nil {
		g.t.Fatal(err)
	}
	g.t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		g.t.Fatal(err)
	}
	return conn
}

func fullAddress(target string) (tcpip.FullAddress, tcpip.NetworkProtocolNumber) {
	parsed := netip.MustParseAddrPort(target)
	protocol := ipv4.ProtocolNumber
	if parsed.Addr().Is6() {
		protocol = ipv6.ProtocolNumber
	}
	return tcpip.FullAddress{NIC: 1, Addr: tcpip.AddrFromSlice(parsed.Addr().AsSlice()), Port: parsed.Port()}, protocol
}

// lines hangs up and returns the whole record.
func (g *guest) lines() (lines []record.Line) {
	g.t.Helper()
	g.hangUp()
	content, err := os.ReadFile(g.record)
	if err != nil {
		g.t.Fatal(err)
	}
	for text := range strings.Lines(string(content)) {
		var line record.Line
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			g.t.Fatalf("%q: %v", text, err)
		}
		lines = append(lines, line)
	}
	return lines
}
