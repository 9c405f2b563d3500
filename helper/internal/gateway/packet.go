// Packets of the guest, taken apart. Pure, and total: whatever the bytes are,
// the answer is a packet or a reason.

package gateway

import (
	"encoding/binary"
	"net/netip"

	"gvisor.dev/gvisor/pkg/tcpip/header"
)

// Transport protocols, IANA's numbers; they are the same for both versions of IP.
const (
	protocolICMP   = 1
	protocolIGMP   = 2
	protocolTCP    = 6
	protocolUDP    = 17
	protocolICMPv6 = 58
)

// packet is one that is whole: no fragment, no options, no extension headers.
type packet struct {
	bytes    []byte
	source   netip.Addr
	target   netip.Addr
	protocol uint8
	// payload is the part of bytes after the header of IP.
	payload []byte
}

// Why a packet is dropped without a look at where it goes.
const (
	dropMalformed = "malformed packet"
	dropOptions   = "IP options or extension headers"
	dropFragment  = "fragment"
)

// parse reads the header of IP and checks the sizes of the one behind it.
func parse(bytes []byte) (parsed packet, drop string) {
	switch header.IPVersion(bytes) {
	case header.IPv4Version:
		parsed, drop = parse4(bytes)
	case header.IPv6Version:
		parsed, drop = parse6(bytes)
	default:
		return packet{}, dropMalformed
	}
	if drop == "" && !hasTransportHeader(parsed) {
		drop = dropMalformed
	}
	return parsed, drop
}

func parse4(bytes []byte) (packet, string) {
	ip := header.IPv4(bytes)
	if !ip.IsValid(len(bytes)) || !ip.IsChecksumValid() {
		return packet{}, dropMalformed
	}
	source, target := ip.SourceAddress().As4(), ip.DestinationAddress().As4()
	parsed := packet{
		bytes:    bytes[:ip.TotalLength()],
		source:   netip.AddrFrom4(source),
		target:   netip.AddrFrom4(target),
		protocol: ip.Protocol(),
		payload:  ip.Payload(),
	}
	switch {
	case ip.More() || ip.FragmentOffset() != 0:
		return parsed, dropFragment
	case int(ip.HeaderLength()) != header.IPv4MinimumSize && parsed.protocol != protocolIGMP:
		return parsed, dropOptions
	}
	return parsed, ""
}

func parse6(bytes []byte) (packet, string) {
	ip := header.IPv6(bytes)
	if !ip.IsValid(len(bytes)) {
		return packet{}, dropMalformed
	}
	source, target := ip.SourceAddress().As16(), ip.DestinationAddress().As16()
	parsed := packet{
		bytes:    bytes[:header.IPv6MinimumSize+int(ip.PayloadLength())],
		source:   netip.AddrFrom16(source),
		target:   netip.AddrFrom16(target),
		protocol: ip.NextHeader(),
		payload:  ip.Payload(),
	}
	switch header.IPv6ExtensionHeaderIdentifier(parsed.protocol) {
	case header.IPv6FragmentExtHdrIdentifier:
		return parsed, dropFragment
	case header.IPv6HopByHopOptionsExtHdrIdentifier, header.IPv6RoutingExtHdrIdentifier, header.IPv6DestinationOptionsExtHdrIdentifier:
		return parsed, dropOptions
	}
	return parsed, ""
}

// hasTransportHeader tells whether the header of TCP, UDP or ICMP is there as a
// whole, and agrees with the length of the packet.
func hasTransportHeader(p packet) bool {
	switch p.protocol {
	case protocolTCP:
		if len(p.payload) < header.TCPMinimumSize {
			return false
		}
		size := int(header.TCP(p.payload).DataOffset())
		return size >= header.TCPMinimumSize && size <= len(p.payload)
	case protocolUDP:
		if len(p.payload) < header.UDPMinimumSize {
			return false
		}
		size := int(header.UDP(p.payload).Length())
		return size >= header.UDPMinimumSize && size <= len(p.payload)
	case protocolICMP, protocolICMPv6:
		return len(p.payload) >= header.ICMPv4MinimumSize
	}
	return true
}

// ports are those of TCP and UDP, which have them at the same place.
func (p packet) ports() (source, target uint16) {
	return binary.BigEndian.Uint16(p.payload), binary.BigEndian.Uint16(p.payload[2:])
}

// destination has port 0 for protocols without ports.
func (p packet) destination() netip.AddrPort {
	if p.protocol == protocolTCP || p.protocol == protocolUDP {
		_, port := p.ports()
		return netip.AddrPortFrom(p.target, port)
	}
	return netip.AddrPortFrom(p.target, 0)
}

// isChatter knows what a kernel says of its own accord on any link: group
// memberships, router and neighbour solicitations.
func (p packet) isChatter() bool {
	switch p.protocol {
	case protocolIGMP:
		return true
	case protocolICMPv6:
		kind := header.ICMPv6(p.payload).Type()
		return kind != header.ICMPv6EchoRequest && p.target.IsMulticast()
	}
	return false
}
