// One TCP connection of the guest.

package gateway

import (
	"context"

	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
	"gvisor.dev/gvisor/pkg/waiter"

	"pyro-mcp/helper/internal/addresses"
	"pyro-mcp/helper/internal/outside"
)

// serveTCP answers an attempt to connect only when the host has connected, or
// has failed to: the guest sees what it would see without us.
func (g *Gateway) serveTCP(request *tcp.ForwarderRequest) {
	target := targetOf(request.ID())
	if addresses.IsGateway(target.Addr()) && target.Port() == dnsPort {
		g.serveDNSStream(request)
		return
	}
	conn, err := g.connect(outside.TCP, target)
	if err != nil {
		request.Complete(true)
		return
	}
	defer g.slots.give()
	defer conn.Close()
	opened := g.Record.Start(g.lineTo(outside.TCP, target))
	guest, err := accept(request)
	if err != nil {
		opened.End(0, 0, describe(err))
		return
	}
	if g.slots.used() > fastConnections {
		guest.shrink()
	}
	stop := context.AfterFunc(g.ctx, func() { conn.Close(); guest.abort() })
	sent, received, err := join(guest, conn)
	stop()
	reason := ""
	if err != nil {
		reason = describe(err)
	}
	opened.End(sent, received, reason)
	conn.Close()
	guest.end(err != nil)
}

// accept finishes the handshake. After an error the attempt is answered.
func accept(request *tcp.ForwarderRequest) (*guestConn, error) {
	guest := &guestConn{queue: &waiter.Queue{}}
	endpoint, err := request.CreateEndpoint(guest.queue)
	if err != nil {
		request.Complete(true)
		return nil, errGuest
	}
	request.Complete(false)
	guest.endpoint = endpoint
	return guest, nil
}
