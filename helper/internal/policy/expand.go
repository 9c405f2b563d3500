// IPv4 addresses inside IPv6 ones.

package policy

import "net/netip"

var (
	// nat64 is the well-known prefix, RFC 6052: a translator on the way makes
	// IPv4 of it. It is the one form that may be reached, when what it holds may.
	nat64      = netip.MustParsePrefix("64:ff9b::/96")
	sixTo4     = netip.MustParsePrefix("2002::/16")
	teredo     = netip.MustParsePrefix("2001::/32")
	compatible = netip.MustParsePrefix("::/96")
	translated = netip.MustParsePrefix("::ffff:0:0:0/96")
)

// expand returns all the addresses that a packet to address may end up at. Those
// held come first, so that a refusal names what is behind the form.
func expand(address netip.Addr) []netip.Addr {
	if address.Is4In6() {
		// Go's dialler, like Linux, takes it for IPv4; this one, too.
		return []netip.Addr{address.Unmap()}
	}
	if !address.Is6() || address.IsUnspecified() || address.IsLoopback() {
		return []netip.Addr{address}
	}
	bytes := address.As16()
	var held []netip.Addr
	hold := func(at int) { held = append(held, netip.AddrFrom4([4]byte(bytes[at:at+4]))) }
	bare := address.WithZone("")
	switch {
	case nat64.Contains(bare):
		hold(12)
		// The form itself lies outside the internet's own range.
		return held
	case compatible.Contains(bare), translated.Contains(bare):
		hold(12)
	case sixTo4.Contains(bare):
		hold(2)
	case teredo.Contains(bare):
		// The server, then the client with all bits turned, RFC 4380 section 4.
		hold(4)
		for i := 12; i < 16; i++ {
			bytes[i] ^= 0xff
		}
		hold(12)
	case isISATAP(bytes):
		hold(12)
	}
	return append(held, address)
}

// isISATAP knows an interface identifier of RFC 5214 section 6.1.
func isISATAP(bytes [16]byte) bool {
	return bytes[8]&^0x03 == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == 0xfe
}
