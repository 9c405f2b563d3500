// What Attach is asked for. Pure: nothing here looks at the machine.

package network

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

const (
	tokenBytes = 32
	// minMTU is what IPv6 demands of every link, RFC 8200 section 5.
	minMTU = 1280
	// maxMTU is the longest packet that both versions of IP can say the length of.
	maxMTU = 65535
)

// socketPattern keeps the socket inside the channel's directory.
var socketPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

type settings struct {
	socketName string
	token      []byte
	// addresses has one entry, or two where the host has IPv6.
	addresses []address
	dns       []netip.Addr
	mtu       int
}

// address is the guest's own one of an address family, and its way out.
type address struct {
	own     netip.Prefix
	gateway netip.Addr
}

func parseSettings(message *agentv1.AttachRequest) (settings, error) {
	parsed := settings{socketName: message.GetSocketName(), token: message.GetToken(), mtu: int(message.GetMtu())}
	if !socketPattern.MatchString(parsed.socketName) {
		return settings{}, fmt.Errorf("socket_name %.80q is not a file name", parsed.socketName)
	}
	if n := len(parsed.token); n != tokenBytes {
		return settings{}, fmt.Errorf("token has %d bytes instead of %d", n, tokenBytes)
	}
	if parsed.mtu < minMTU || parsed.mtu > maxMTU {
		return settings{}, fmt.Errorf("mtu %d is not between %d and %d", parsed.mtu, minMTU, maxMTU)
	}
	ipv4, err := parseAddress(message.GetAddressCidr(), message.GetGateway())
	if err != nil || !ipv4.gateway.Is4() {
		return settings{}, errors.Join(errors.New("address_cidr and gateway are not those of an IPv4 network"), err)
	}
	parsed.addresses = append(parsed.addresses, ipv4)
	if message.GetAddress6Cidr() != "" {
		ipv6, err := parseAddress(message.GetAddress6Cidr(), message.GetGateway6())
		if err != nil || !ipv6.gateway.Is6() || ipv6.gateway.Is4In6() {
			return settings{}, errors.Join(errors.New("address6_cidr and gateway6 are not those of an IPv6 network"), err)
		}
		parsed.addresses = append(parsed.addresses, ipv6)
	}
	for _, server := range message.GetDns() {
		parsedServer, err := netip.ParseAddr(server)
		if err != nil {
			return settings{}, fmt.Errorf("dns: %w", err)
		}
		parsed.dns = append(parsed.dns, parsedServer)
	}
	return parsed, nil
}

func parseAddress(cidr, gateway string) (address, error) {
	own, err := netip.ParsePrefix(cidr)
	if err != nil {
		return address{}, err
	}
	way, err := netip.ParseAddr(gateway)
	if err != nil {
		return address{}, err
	}
	if way.Zone() != "" || !own.Contains(way) || own.Addr() == way {
		return address{}, fmt.Errorf("%s is no neighbour of %s", way, own)
	}
	return address{own: own, gateway: way}, nil
}
