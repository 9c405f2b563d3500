// Echo requests of the guest; of ICMP nothing else goes out.

package gateway

import (
	"encoding/binary"
	"net/netip"

	"gvisor.dev/gvisor/pkg/tcpip/header"

	"pyro-mcp/helper/internal/addresses"
	"pyro-mcp/helper/internal/outside"
)

// Types of echo messages, RFC 792 and 4443. Code, checksum, identifier and
// sequence number follow at the same places in both.
func echoTypes(target netip.Addr) (request, reply uint8) {
	if target.Is4() {
		return uint8(header.ICMPv4Echo), uint8(header.ICMPv4EchoReply)
	}
	return uint8(header.ICMPv6EchoRequest), uint8(header.ICMPv6EchoReply)
}

func (g *Gateway) handleICMP(p packet) {
	request, reply := echoTypes(p.target)
	if p.payload[0] != request || p.payload[1] != 0 {
		g.noteRefused(outside.ICMP, p.destination(), "no echo request")
		return
	}
	if addresses.IsGateway(p.target) {
		answer := append([]byte(nil), p.payload...)
		answer[0] = reply
		g.send(icmpPacket(p.target, p.source, answer))
		return
	}
	identifier := binary.BigEndian.Uint16(p.payload[4:])
	source, target := p.source, p.target
	key := flowKey{protocol: outside.ICMP, source: netip.AddrPortFrom(source, identifier), target: p.destination()}
	g.forward(key, p.payload, func() conversation {
		wentNowhere := refusal(p, prohibited)
		return conversation{
			answer: func(message []byte) []byte {
				if len(message) < header.ICMPv4MinimumSize || message[0] != reply {
					return nil
				}
				// The host's kernel has put an identifier of its own into the request.
				binary.BigEndian.PutUint16(message[4:], identifier)
				return icmpPacket(target, source, message)
			},
			fail: func(error) { g.send(wentNowhere) },
		}
	})
}
