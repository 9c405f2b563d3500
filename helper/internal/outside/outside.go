// Package outside is the one door to the host's network: whatever a guest
// reaches, it reaches through Connect.
package outside

import (
	"context"
	"net"
	"net/netip"

	"pyro-mcp/helper/internal/policy"
)

// Protocols that Connect knows.
const (
	TCP  = "tcp"
	UDP  = "udp"
	ICMP = "icmp"
)

// Dial opens a socket of the host's that is connected to target. Of an ICMP
// socket, messages are echo requests and replies.
type Dial func(ctx context.Context, protocol string, target netip.AddrPort) (net.Conn, error)

// Outside is the network as a guest may see it.
type Outside struct {
	Policy policy.Policy
	Dial   Dial
}

// Connect judges the very address that it then dials, so that no name and no
// resolver has a say. It fails with a *policy.Refusal, or as Dial does.
func (o Outside) Connect(ctx context.Context, protocol string, target netip.AddrPort) (net.Conn, error) {
	target = netip.AddrPortFrom(target.Addr().Unmap(), target.Port())
	if refusal := o.Policy.Judge(target.Addr()); refusal != nil {
		return nil, refusal
	}
	if target.Port() == 0 && protocol != ICMP {
		return nil, &policy.Refusal{Reason: "port 0"}
	}
	return o.Dial(ctx, protocol, target)
}
