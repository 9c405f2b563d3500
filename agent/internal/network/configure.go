// Addresses, routes and the resolver of the guest.

package network

import (
	"fmt"
	"net"
	"net/netip"
	"strings"

	"github.com/vishvananda/netlink"

	"pyro-mcp/agent/internal/etc"
)

const resolvConf = "/etc/resolv.conf"

// configure gives the device name its MTU, addresses and routes, and brings it up.
func configure(name string, settings settings) error {
	device, err := netlink.LinkByName(name)
	if err != nil {
		return err
	}
	if err := netlink.LinkSetMTU(device, settings.mtu); err != nil {
		return fmt.Errorf("mtu: %w", err)
	}
	if err := netlink.LinkSetUp(device); err != nil {
		return fmt.Errorf("up: %w", err)
	}
	for _, each := range settings.addresses {
		own := &netlink.Addr{IPNet: ipNet(each.own)}
		if err := netlink.AddrAdd(device, own); err != nil {
			return fmt.Errorf("address %s: %w", each.own, err)
		}
		// A nil destination is the default route of the gateway's family.
		route := &netlink.Route{LinkIndex: device.Attrs().Index, Gw: each.gateway.AsSlice()}
		if err := netlink.RouteAdd(route); err != nil {
			return fmt.Errorf("route by %s: %w", each.gateway, err)
		}
	}
	return nil
}

func ipNet(prefix netip.Prefix) *net.IPNet {
	return &net.IPNet{
		IP:   prefix.Addr().AsSlice(),
		Mask: net.CIDRMask(prefix.Bits(), prefix.Addr().BitLen()),
	}
}

// writeResolvers puts servers into the file at path.
func writeResolvers(path string, servers []netip.Addr) error {
	if len(servers) == 0 {
		return nil
	}
	var content strings.Builder
	for _, server := range servers {
		fmt.Fprintf(&content, "nameserver %s\n", server)
	}
	return etc.Replace(path, content.String(), 0o644)
}
