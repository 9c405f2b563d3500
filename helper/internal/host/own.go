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

// HasIPv6 tells whether programs of a guest should try IPv6: the host has a way
// to the internet with an address of the internet, or none by IPv4. Many hosts
// have a route and local addresses only, and every attempt would have to fail.
func HasIPv6() bool {
	// Any addresses of the ranges that are given out; no packet is sent.
	ipv6, has := sourceFor(netip.MustParseAddr("2600::1"))
	if !has {
		return false
	}
	_, hasIPv4 := sourceFor(netip.MustParseAddr("1.1.1.1"))
	return !hasIPv4 || globalUnicast.Contains(ipv6)
}

// globalUnicast, RFC 4291 section 2.4.
var globalUnicast = netip.MustParsePrefix("2000::/3")

// sourceFor is the host's address on the way to target, if there is a way.
func sourceFor(target netip.Addr) (netip.Addr, bool) {
	routes, err := netlink.RouteGet(net.IP(target.AsSlice()))
	if err != nil || len(routes) == 0 || routes[0].Type != unix.RTN_UNICAST {
		return netip.Addr{}, false
	}
	source, ok := netip.AddrFromSlice(routes[0].Src)
	return source.Unmap(), ok
}
