// The link below the TCP stack: what it sends goes to the guest.

package gateway

import (
	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/stack"

	"pyro-mcp/helper/internal/wire"
)

// link is a stack.LinkEndpoint without addresses, headers or neighbours.
type link struct {
	mtu        uint32
	outbox     *wire.Outbox
	dispatcher stack.NetworkDispatcher
}

// WritePackets hands the pieces on as they are: nothing is copied before the
// system call that sends them.
func (l *link) WritePackets(packets stack.PacketBufferList) (int, tcpip.Error) {
	for sent, each := range packets.AsSlice() {
		held := each.Clone()
		if !l.outbox.Put(wire.Packet{Pieces: held.AsSlices(), Release: held.DecRef}) {
			return sent, &tcpip.ErrNoBufferSpace{}
		}
	}
	return packets.Len(), nil
}

// Capabilities spares the stack checksums that a unix socket cannot break.
func (l *link) Capabilities() stack.LinkEndpointCapabilities {
	return stack.CapabilityRXChecksumOffload
}

func (l *link) Attach(dispatcher stack.NetworkDispatcher) { l.dispatcher = dispatcher }
func (l *link) IsAttached() bool                          { return l.dispatcher != nil }
func (l *link) MTU() uint32                               { return l.mtu }
func (l *link) SetMTU(uint32)                             {}
func (l *link) MaxHeaderLength() uint16                   { return 0 }
func (l *link) LinkAddress() tcpip.LinkAddress            { return "" }
func (l *link) SetLinkAddress(tcpip.LinkAddress)          {}
func (l *link) ARPHardwareType() header.ARPHardwareType   { return header.ARPHardwareNone }
func (l *link) AddHeader(*stack.PacketBuffer)             {}
func (l *link) ParseHeader(*stack.PacketBuffer) bool      { return true }
func (l *link) Wait()                                     {}
func (l *link) Close()                                    {}
func (l *link) SetOnCloseAction(func())                   {}
