// The stack that ends the guest's TCP connections, whatever address they go to.

package gateway

import (
	"errors"
	"net/netip"
	"time"

	"gvisor.dev/gvisor/pkg/buffer"
	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv6"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
)

const (
	nic tcpip.NICID = 1
	// maxAttempts is above maxConnections, so that one too many is refused with a
	// line in the record rather than ignored.
	maxAttempts = 2 * maxConnections
	// timeWait protects against packets that were held up on the way. Here there
	// is no way on which they could be.
	timeWait = time.Second
	// maxBufferBytes of one direction of a connection, while there are few.
	maxBufferBytes = 2 << 20
	// fastConnections have buffers for full speed. Those beyond get small ones:
	// a guest that never reads makes this process hold them all, full.
	fastConnections  = 64
	smallBufferBytes = 64 << 10
)

type tcpStack struct {
	stack *stack.Stack
	link  *link
}

func newTCPStack(g *Gateway) (*tcpStack, error) {
	s := stack.New(stack.Options{
		NetworkProtocols:   []stack.NetworkProtocolFactory{ipv4.NewProtocol, ipv6.NewProtocol},
		TransportProtocols: []stack.TransportProtocolFactory{tcp.NewProtocol},
	})
	made := &tcpStack{stack: s, link: &link{mtu: g.MTU, outbox: g.outbox}}
	if err := made.setUp(); err != nil {
		s.Close()
		return nil, errors.New(err.String())
	}
	forwarder := tcp.NewForwarder(s, 0, maxAttempts, func(request *tcp.ForwarderRequest) {
		if !g.work.begin() {
			request.Complete(true)
			return
		}
		defer g.work.done()
		g.serveTCP(request)
	})
	s.SetTransportProtocolHandler(tcp.ProtocolNumber, forwarder.HandlePacket)
	return made, nil
}

func (t *tcpStack) setUp() tcpip.Error {
	if err := t.stack.CreateNIC(nic, t.link); err != nil {
		return err
	}
	// Every address is ours to answer for.
	if err := t.stack.SetPromiscuousMode(nic, true); err != nil {
		return err
	}
	if err := t.stack.SetSpoofing(nic, true); err != nil {
		return err
	}
	t.stack.SetRouteTable([]tcpip.Route{
		{Destination: header.IPv4EmptySubnet, NIC: nic},
		{Destination: header.IPv6EmptySubnet, NIC: nic},
	})
	wait := tcpip.TCPTimeWaitTimeoutOption(timeWait)
	if err := t.stack.SetTransportProtocolOption(tcp.ProtocolNumber, &wait); err != nil {
		return err
	}
	send := tcpip.TCPSendBufferSizeRangeOption{Min: tcp.MinBufferSize, Default: tcp.DefaultSendBufferSize, Max: maxBufferBytes}
	if err := t.stack.SetTransportProtocolOption(tcp.ProtocolNumber, &send); err != nil {
		return err
	}
	receive := tcpip.TCPReceiveBufferSizeRangeOption{Min: tcp.MinBufferSize, Default: tcp.DefaultReceiveBufferSize, Max: maxBufferBytes}
	return t.stack.SetTransportProtocolOption(tcp.ProtocolNumber, &receive)
}

// inject gives the stack a packet of TCP, which it copies.
func (t *tcpStack) inject(p packet) {
	protocol := header.IPv4ProtocolNumber
	if p.target.Is6() {
		protocol = header.IPv6ProtocolNumber
	}
	held := stack.NewPacketBuffer(stack.PacketBufferOptions{Payload: buffer.MakeWithData(p.bytes)})
	t.link.dispatcher.DeliverNetworkPacket(protocol, held)
	held.DecRef()
}

// close ends all connections.
func (t *tcpStack) close() {
	t.stack.Close()
}

func targetOf(id stack.TransportEndpointID) netip.AddrPort {
	address, _ := netip.AddrFromSlice(id.LocalAddress.AsSlice())
	return netip.AddrPortFrom(address, id.LocalPort)
}
