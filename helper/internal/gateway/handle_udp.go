// Datagrams of the guest.

package gateway

import (
	"net/netip"

	"gvisor.dev/gvisor/pkg/tcpip/header"

	"pyro-mcp/helper/internal/addresses"
	"pyro-mcp/helper/internal/outside"
)

func (g *Gateway) handleUDP(p packet) {
	sourcePort, _ := p.ports()
	source, target := netip.AddrPortFrom(p.source, sourcePort), p.destination()
	content := p.payload[header.UDPMinimumSize:header.UDP(p.payload).Length()]
	if addresses.IsGateway(target.Addr()) && target.Port() == dnsPort {
		g.serveDNSDatagram(source, target, content)
		return
	}
	key := flowKey{protocol: outside.UDP, source: source, target: target}
	g.forward(key, content, func() conversation {
		// Composed now: the bytes of p are another packet's later.
		wentNowhere := refusal(p, portUnreachable)
		return conversation{
			answer: func(reply []byte) []byte { return datagram(target, source, reply) },
			fail:   func(error) { g.send(wentNowhere) },
		}
	})
}
