// Packets to the guest that the TCP stack does not make.

package gateway

import (
	"net/netip"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/checksum"
	"gvisor.dev/gvisor/pkg/tcpip/header"
)

// hopLimit is Linux's default.
const hopLimit = 64

// compose puts a header of IP before payload bytes, which fill writes. For
// protocols with a checksum over the addresses, fill gets its partial sum.
func compose(source, target netip.Addr, protocol uint8, size int, fill func(payload []byte, pseudo uint16)) []byte {
	from, to := tcpip.AddrFromSlice(source.AsSlice()), tcpip.AddrFromSlice(target.AsSlice())
	pseudo := header.PseudoHeaderChecksum(tcpip.TransportProtocolNumber(protocol), from, to, uint16(size))
	if source.Is4() {
		bytes := make([]byte, header.IPv4MinimumSize+size)
		ip := header.IPv4(bytes)
		ip.Encode(&header.IPv4Fields{
			TotalLength: uint16(len(bytes)),
			TTL:         hopLimit,
			Protocol:    protocol,
			SrcAddr:     from,
			DstAddr:     to,
		})
		ip.SetChecksum(^ip.CalculateChecksum())
		fill(bytes[header.IPv4MinimumSize:], pseudo)
		return bytes
	}
	bytes := make([]byte, header.IPv6MinimumSize+size)
	header.IPv6(bytes).Encode(&header.IPv6Fields{
		PayloadLength:     uint16(size),
		TransportProtocol: tcpip.TransportProtocolNumber(protocol),
		HopLimit:          hopLimit,
		SrcAddr:           from,
		DstAddr:           to,
	})
	fill(bytes[header.IPv6MinimumSize:], pseudo)
	return bytes
}

// datagram is one of UDP from source to target.
func datagram(source, target netip.AddrPort, content []byte) []byte {
	size := header.UDPMinimumSize + len(content)
	return compose(source.Addr(), target.Addr(), protocolUDP, size, func(payload []byte, pseudo uint16) {
		udp := header.UDP(payload)
		udp.Encode(&header.UDPFields{SrcPort: source.Port(), DstPort: target.Port(), Length: uint16(size)})
		copy(payload[header.UDPMinimumSize:], content)
		// Zero would say that there is no checksum, RFC 768.
		sum := ^checksum.Checksum(payload, pseudo)
		if sum == 0 {
			sum = 0xffff
		}
		udp.SetChecksum(sum)
	})
}

// icmpPacket is message, whose checksum it sets, from source to target.
func icmpPacket(source, target netip.Addr, message []byte) []byte {
	protocol := uint8(protocolICMP)
	if source.Is6() {
		protocol = protocolICMPv6
	}
	return compose(source, target, protocol, len(message), func(payload []byte, pseudo uint16) {
		copy(payload, message)
		payload[2], payload[3] = 0, 0
		initial := uint16(0)
		if source.Is6() {
			initial = pseudo
		}
		header.ICMPv4(payload).SetChecksum(^checksum.Checksum(payload, initial))
	})
}

// Codes of "destination unreachable" in both versions, RFC 792, 1812 and 4443.
type unreachable struct{ code4, code6 uint8 }

var (
	// A gVisor guest tells its sockets of UDP about closed ports, but not about
	// prohibitions: so a forbidden one looks closed.
	portUnreachable     = unreachable{code4: 3, code6: 4}
	prohibited          = unreachable{code4: 13, code6: 1}
	protocolUnreachable = unreachable{code4: 2, code6: 1}
)

// quotedBytes of a packet go back in an error about it: the header of IP, and
// enough of what follows to find the socket.
const quotedBytes = header.IPv6MinimumSize + 8

// refusal tells the guest that about went nowhere.
func refusal(about packet, why unreachable) []byte {
	quoted := about.bytes[:min(len(about.bytes), quotedBytes)]
	message := make([]byte, 8+len(quoted))
	message[0], message[1] = 3, why.code4
	if about.target.Is6() {
		message[0], message[1] = 1, why.code6
	}
	copy(message[8:], quoted)
	return icmpPacket(about.target, about.source, message)
}

// reset answers an attempt to connect, RFC 9293 section 3.5.2.
func reset(syn packet) []byte {
	attempt := header.TCP(syn.payload)
	size := header.TCPMinimumSize
	return compose(syn.target, syn.source, protocolTCP, size, func(payload []byte, pseudo uint16) {
		answer := header.TCP(payload)
		answer.Encode(&header.TCPFields{
			SrcPort:    attempt.DestinationPort(),
			DstPort:    attempt.SourcePort(),
			AckNum:     attempt.SequenceNumber() + 1,
			DataOffset: header.TCPMinimumSize,
			Flags:      header.TCPFlagRst | header.TCPFlagAck,
		})
		answer.SetChecksum(^answer.CalculateChecksum(pseudo))
	})
}
