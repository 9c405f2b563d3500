// Names, and what is behind them when they are connected to.

package gateway

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"pyro-mcp/helper/internal/addresses"
	"pyro-mcp/helper/internal/dns"
	"pyro-mcp/helper/internal/record"
)

// resolverOf is the real one, over what lookUp says the host's resolver does.
func resolverOf(t *testing.T, lookUp func(host string) []string) *dns.Resolver {
	t.Helper()
	recorder, err := record.Open("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { recorder.Close() })
	lookup := func(_ context.Context, network, host string) (found []netip.Addr, err error) {
		for _, text := range lookUp(strings.TrimSuffix(host, ".")) {
			if address := netip.MustParseAddr(text); address.Is4() == (network == "ip4") {
				found = append(found, address)
			}
		}
		if len(found) == 0 {
			return nil, &net.DNSError{Err: "no such host", IsNotFound: true}
		}
		return found, nil
	}
	return &dns.Resolver{Lookup: lookup, HasIPv6: true, Record: recorder}
}

// lookUp asks as a program in the guest does, by UDP or by TCP.
func (g *guest) lookUp(network, host string) (found []string, err error) {
	resolver := net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		server := fmt.Sprintf("%s:%d", addresses.Gateway4, dnsPort)
		if network == "tcp" {
			return g.dialTCP(server)
		}
		return packetConn{g.dialUDP(server)}, nil
	}}
	ctx, cancel := context.WithTimeout(g.t.Context(), patience)
	defer cancel()
	return resolver.LookupHost(ctx, host)
}

// packetConn tells net.Resolver that a message is a datagram.
type packetConn struct{ net.Conn }

func (p packetConn) ReadFrom(b []byte) (int, net.Addr, error) {
	n, err := p.Read(b)
	return n, nil, err
}
func (p packetConn) WriteTo(b []byte, _ net.Addr) (int, error) { return p.Write(b) }

func TestNamesAreFoundByUDPAndByTCP(t *testing.T) {
	for _, network := range []string{"udp", "tcp"} {
		g := newGuest(t, resolverOf(t, func(host string) []string {
			if host == "peer.test" {
				return []string{"203.0.113.2", "2001:db8::2"}
			}
			return nil
		}))
		found, err := g.lookUp(network, "peer.test")
		if err != nil || strings.Join(found, " ") != "203.0.113.2 2001:db8::2" {
			t.Errorf("%s: %v %v", network, found, err)
		}
		if found, err := g.lookUp(network, "none.test"); err == nil || !err.(*net.DNSError).IsNotFound {
			t.Errorf("%s: %v %v", network, found, err)
		}
		g.world.put("tcp", peer, serve(t, echo))
		conn, err := g.dialTCP(peer)
		if err != nil {
			t.Fatal(err)
		}
		conn.Close()
		for _, line := range g.lines() {
			if line.Name != "peer.test" {
				t.Error(line)
			}
		}
	}
}

// A name that is the internet's when it is looked up and the host's afterwards:
// there is no second look, and the address that is dialled is the one that is judged.
func TestARebindingNameReachesNothing(t *testing.T) {
	var asked atomic.Int32
	answers := []string{"203.0.113.2", "127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "64:ff9b::7f00:1"}
	g := newGuest(t, resolverOf(t, func(string) []string {
		// Each question is two lookups, of IPv4 and of IPv6.
		return answers[:min(int(asked.Add(1)), len(answers))]
	}))
	for range 6 {
		found, err := g.lookUp("udp", "rebind.test")
		if err != nil {
			t.Fatal(err)
		}
		for _, address := range found {
			switch address {
			case "127.0.0.1":
				// By hand: a kernel keeps its own loopback to itself.
				g.send(syn(addresses.Guest4, netip.MustParseAddr(address), 80))
			case "::1":
				g.send(syn(addresses.Guest6, netip.MustParseAddr(address), 80))
			default:
				if _, err := g.dialTCP(net.JoinHostPort(address, "80")); err == nil && address != "203.0.113.2" {
					t.Errorf("%s: connected", address)
				}
			}
		}
	}
	// After an answer, everything before it has been handled.
	if _, err := g.lookUp("udp", "rebind.test"); err != nil {
		t.Fatal(err)
	}
	if _, err := g.dialTCP("10.87.0.1:1"); err == nil {
		t.Error("connected")
	}
	for _, dial := range g.world.dials() {
		if dial != "tcp "+peer {
			t.Error(dial)
		}
	}
	refused := map[string]bool{}
	for _, line := range g.lines() {
		if line.Verdict == record.Refused && line.Name == "rebind.test" {
			refused[line.Address] = true
		}
	}
	for _, answer := range answers[1:] {
		if !refused[answer] {
			t.Errorf("%s is not refused by name in %v", answer, refused)
		}
	}
}

func TestQueriesInPieces(t *testing.T) {
	var queries [][]byte
	splitter := &querySplitter{answer: func(query []byte) error {
		queries = append(queries, bytes.Clone(query))
		return nil
	}}
	for _, piece := range []string{"\x00", "\x03o", "ne\x00\x03two\x00\x00\x00", "\x01x", "\xff\xff"} {
		if n, err := splitter.Write([]byte(piece)); n != len(piece) || err != nil {
			t.Fatal(n, err)
		}
	}
	if got := fmt.Sprintf("%q", queries); got != `["one" "two" "" "x"]` {
		t.Error(got)
	}
}
