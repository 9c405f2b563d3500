// Package addresses names the ends of the one link that every guest's network
// is: the guest, and the gateway, which this program is. They are the same for
// all guests: no packet of one reaches another.
package addresses

import "net/netip"

// The network of the guest, both in it. The host's own network of the same
// numbers, if there is one, is out of the guest's reach.
var (
	Network4 = netip.MustParsePrefix("10.87.0.0/24")
	Gateway4 = netip.MustParseAddr("10.87.0.1")
	Guest4   = netip.MustParseAddr("10.87.0.2")

	Network6 = netip.MustParsePrefix("fd87::/64")
	Gateway6 = netip.MustParseAddr("fd87::1")
	Guest6   = netip.MustParseAddr("fd87::2")
)

// IsGateway tells whether address is this program's own.
func IsGateway(address netip.Addr) bool { return address == Gateway4 || address == Gateway6 }
