// The ranges that are not the internet: IANA's registries of special-purpose
// addresses (RFC 6890 and its successors) and the metadata services of clouds.

package policy

import (
	"net/netip"

	"pyro-mcp/helper/internal/addresses"
)

const (
	reasonUnspecified = "unspecified address"
	reasonLoopback    = "loopback"
	reasonLinkLocal   = "link-local"
	reasonMetadata    = "metadata service"
	reasonMulticast   = "multicast"
	reasonBroadcast   = "broadcast"
	reasonReserved    = "reserved range"
	reasonPrivate     = "private range"
	reasonBenchmark   = "range for benchmarks"
	reasonGuests      = "network of the guest"
)

type namedRange struct {
	prefix netip.Prefix
	reason string
}

// forbidden is never opened. The first match counts. The ranges of
// documentation (192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24, 2001:db8::/32)
// are not here: nothing answers there but what a test puts there.
var forbidden = []namedRange{
	// AWS, GCP, OpenStack, Azure (first); Alibaba; Azure's host agent; Oracle.
	named("169.254.169.254/32", reasonMetadata),
	named("100.100.100.200/32", reasonMetadata),
	named("168.63.129.16/32", reasonMetadata),
	named("192.0.0.192/32", reasonMetadata),
	// AWS and GCP over IPv6.
	named("fd00:ec2::/32", reasonMetadata),
	named("fd20:ce::/32", reasonMetadata),

	{prefix: addresses.Network4, reason: reasonGuests},
	{prefix: addresses.Network6, reason: reasonGuests},

	named("0.0.0.0/8", reasonUnspecified),
	named("127.0.0.0/8", reasonLoopback),
	named("169.254.0.0/16", reasonLinkLocal),
	named("192.0.0.0/24", reasonReserved),
	named("192.88.99.0/24", reasonReserved),
	named("224.0.0.0/4", reasonMulticast),
	named("255.255.255.255/32", reasonBroadcast),
	named("240.0.0.0/4", reasonReserved),

	named("::/128", reasonUnspecified),
	named("::1/128", reasonLoopback),
	// IPv4-compatible (RFC 4291, deprecated), IPv4-mapped and IPv4-translated
	// addresses: no packet on a wire has them.
	named("::/96", reasonReserved),
	named("::ffff:0:0/96", reasonReserved),
	named("::ffff:0:0:0/96", reasonReserved),
	// Local NAT64 (RFC 8215) leads wherever its translator likes.
	named("64:ff9b:1::/48", reasonReserved),
	named("100::/64", reasonReserved),
	// Protocol assignments: Teredo, benchmarks, ORCHID and the like.
	named("2001::/23", reasonReserved),
	named("2002::/16", reasonReserved),
	named("fe80::/10", reasonLinkLocal),
	named("fec0::/10", reasonReserved),
	named("ff00::/8", reasonMulticast),
}

// private may be opened by the user, range by range.
var private = []namedRange{
	named("10.0.0.0/8", reasonPrivate),
	named("100.64.0.0/10", reasonPrivate),
	named("172.16.0.0/12", reasonPrivate),
	named("192.168.0.0/16", reasonPrivate),
	named("198.18.0.0/15", reasonBenchmark),
	named("fc00::/7", reasonPrivate),
}

// globalUnicast is all of IPv6 that is given out, RFC 4291 section 2.4.
var globalUnicast = netip.MustParsePrefix("2000::/3")

func named(prefix, reason string) namedRange {
	return namedRange{prefix: netip.MustParsePrefix(prefix), reason: reason}
}

func lookUp(ranges []namedRange, address netip.Addr) string {
	for _, each := range ranges {
		if each.prefix.Contains(address) {
			return each.reason
		}
	}
	return ""
}
