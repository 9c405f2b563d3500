// Packets that no kernel makes.

package gateway

import (
	"net/netip"
	"strings"
	"testing"

	"gvisor.dev/gvisor/pkg/tcpip/header"

	"pyro-mcp/helper/internal/addresses"
	"pyro-mcp/helper/internal/outside"
	"pyro-mcp/helper/internal/policy"
	"pyro-mcp/helper/internal/record"
	"pyro-mcp/helper/internal/wire"
)

var target4 = netip.MustParseAddr("203.0.113.2")
var target6 = netip.MustParseAddr("2001:db8::2")

// spoiled is bytes with a change, and with a sum of its header that is right again.
func spoiled(bytes []byte, change func([]byte)) []byte {
	copied := append([]byte(nil), bytes...)
	change(copied)
	if copied[0]>>4 == 4 && len(copied) >= header.IPv4MinimumSize {
		ip := header.IPv4(copied)
		ip.SetChecksum(0)
		if int(ip.HeaderLength()) <= len(copied) {
			ip.SetChecksum(^ip.CalculateChecksum())
		}
	}
	return copied
}

func TestParse(t *testing.T) {
	tcp4, tcp6 := syn(addresses.Guest4, target4, 80), syn(addresses.Guest6, target6, 80)
	udp4 := datagram(netip.MustParseAddrPort("10.87.0.2:1"), netip.MustParseAddrPort("203.0.113.2:2"), []byte("content"))
	for name, test := range map[string]struct {
		bytes []byte
		drop  string
	}{
		"tcp":            {tcp4, ""},
		"tcp over ipv6":  {tcp6, ""},
		"udp":            {udp4, ""},
		"with a tail":    {append(append([]byte(nil), udp4...), 1, 2, 3), ""},
		"nothing":        {nil, dropMalformed},
		"one byte":       {[]byte{0x45}, dropMalformed},
		"version 5":      {[]byte{0x55, 0, 0, 20}, dropMalformed},
		"torn":           {tcp4[:30], dropMalformed},
		"torn ipv6":      {tcp6[:50], dropMalformed},
		"wrong checksum": {func() []byte { b := append([]byte(nil), tcp4...); b[10]++; return b }(), dropMalformed},
		"length 0":       {spoiled(tcp4, func(b []byte) { b[2], b[3] = 0, 0 }), dropMalformed},
		"header of 4":    {spoiled(tcp4, func(b []byte) { b[0] = 0x41 }), dropMalformed},
		"options":        {spoiled(tcp4, func(b []byte) { b[0] = 0x46 }), dropOptions},
		"first fragment": {spoiled(tcp4, func(b []byte) { b[6] = 0x20 }), dropFragment},
		"later fragment": {spoiled(tcp4, func(b []byte) { b[7] = 1 }), dropFragment},
		"fragment of 6":  {spoiled(tcp6, func(b []byte) { b[6] = 44 }), dropFragment},
		"routing header": {spoiled(tcp6, func(b []byte) { b[6] = 43 }), dropOptions},
		"hop by hop":     {spoiled(tcp6, func(b []byte) { b[6] = 0 }), dropOptions},
		"tcp offset":     {spoiled(tcp4, func(b []byte) { b[32] = 0xf0 }), dropMalformed},
		"tcp offset 0":   {spoiled(tcp4, func(b []byte) { b[32] = 0 }), dropMalformed},
		"udp length":     {spoiled(udp4, func(b []byte) { b[24], b[25] = 0xff, 0xff }), dropMalformed},
		"udp length 7":   {spoiled(udp4, func(b []byte) { b[24], b[25] = 0, 7 }), dropMalformed},
		"short udp":      {compose(addresses.Guest4, target4, protocolUDP, 7, func([]byte, uint16) {}), dropMalformed},
		"short icmp":     {compose(addresses.Guest4, target4, protocolICMP, 7, func([]byte, uint16) {}), dropMalformed},
	} {
		parsed, drop := parse(test.bytes)
		if drop != test.drop {
			t.Errorf("%s: %q instead of %q", name, drop, test.drop)
		}
		if drop == "" && (parsed.source != addresses.Guest4 && parsed.source != addresses.Guest6 || parsed.destination().Port() == 0) {
			t.Errorf("%s: %+v", name, parsed)
		}
	}
}

// FuzzHandle throws bytes at everything that looks at a guest's packets.
func FuzzHandle(f *testing.F) {
	world := &world{servers: map[string]netip.AddrPort{}}
	recorder, _ := record.Open("")
	g := &Gateway{
		Options: Options{
			Outside:  outside.Outside{Policy: policy.Policy{Own: world.isOwn}, Dial: world.dial},
			Record:   recorder,
			Resolver: noNames{},
			MTU:      testMTU,
		},
		outbox:  wire.NewOutbox(),
		slots:   newSlots(maxConnections),
		flows:   newFlows(),
		queries: make(chan struct{}, maxQueries),
		ctx:     f.Context(),
	}
	var err error
	if g.tcp, err = newTCPStack(g); err != nil {
		f.Fatal(err)
	}
	f.Add(syn(addresses.Guest4, target4, 80))
	f.Add(syn(addresses.Guest6, target6, 80))
	f.Add(syn(addresses.Guest4, addresses.Gateway4, dnsPort))
	f.Add(datagram(netip.MustParseAddrPort("10.87.0.2:1"), netip.MustParseAddrPort("10.87.0.1:53"), []byte("query")))
	f.Add(icmpPacket(addresses.Guest4, target4, request(target4, "x")))
	f.Add(icmpPacket(addresses.Guest6, target6, request(target6, "x")))
	f.Fuzz(func(t *testing.T, bytes []byte) {
		if len(bytes) == 0 || len(bytes) > wire.MaxPacketBytes {
			return
		}
		g.handle(bytes)
		// The sum of a header stops most of what is made at random.
		g.handle(spoiled(bytes, func([]byte) {}))
		for _, dial := range world.dials() {
			_, target, _ := strings.Cut(dial, " ")
			if refusal := g.Outside.Policy.Judge(netip.MustParseAddrPort(target).Addr()); refusal != nil {
				t.Fatalf("dialled %s, which is %s", dial, refusal.Reason)
			}
		}
		world.mu.Lock()
		world.dialed = nil
		world.mu.Unlock()
	})
}
