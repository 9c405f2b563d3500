// Package host answers what only the host's kernel knows.
package host

import (
	"errors"
	"net"
	"net/netip"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// IsOwn tells whether packets to address would stay on this host, or go to all
// of a network. It asks the kernel's routing, as a connection would: so it knows
// addresses that were added a moment ago, and whole ranges that are routed to
// the host itself. When the kernel gives no answer, the address counts as own.
func IsOwn(address netip.Addr) bool {
	routes, err := netlink.RouteGet(net.IP(address.AsSlice()))
	switch {
	case errors.Is(err, unix.ENETUNREACH), errors.Is(err, unix.EHOSTUNREACH), errors.Is(err, unix.EACCES), errors.Is(err, unix.EINVAL):
		// No way there, or one that is closed: connecting fails in the same way.
		return false
	case err != nil || len(routes) == 0:
		return true
	}
	for _, route := range routes {
		if route.Type != unix.RTN_UNICAST {
			return true
		}
	}
	return false
}

// HasIPv6 tells whether the host has a way to the IPv6 internet.
func HasIPv6() bool {
	// Any address of the range that is given out; no packet is sent.
	routes, err := netlink.RouteGet(net.ParseIP("2600::1"))
	return err == nil && len(routes) > 0 && routes[0].Type == unix.RTN_UNICAST
}
