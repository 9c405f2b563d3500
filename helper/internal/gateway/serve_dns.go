// Queries of the guest to the gateway.

package gateway

import (
	"context"
	"encoding/binary"
	"net/netip"
	"time"

	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
	"gvisor.dev/gvisor/pkg/waiter"

	"pyro-mcp/helper/internal/outside"
)

const (
	dnsPort = 53
	// maxQueries at once; a guest that asks for more asks again later.
	maxQueries = 64
	// streamIdle is how long a stream may say nothing, RFC 7766 section 6.2.3.
	streamIdle = 10 * time.Second
)

func (g *Gateway) serveDNSDatagram(source, target netip.AddrPort, content []byte) {
	select {
	case g.queries <- struct{}{}:
	default:
		return
	}
	query := append([]byte(nil), content...)
	g.work.start(func() {
		defer func() { <-g.queries }()
		if answer := g.Resolver.Answer(g.ctx, query, false); answer != nil {
			g.send(datagram(target, source, answer))
		}
	})
}

// serveDNSStream answers the queries of one connection, one after the other.
func (g *Gateway) serveDNSStream(request *tcp.ForwarderRequest) {
	if !g.slots.take() {
		g.noteRefused(outside.TCP, targetOf(request.ID()), reasonTooMany)
		request.Complete(true)
		return
	}
	defer g.slots.give()
	guest, err := accept(request)
	if err != nil {
		return
	}
	stop := context.AfterFunc(g.ctx, guest.abort)
	err = g.answerStream(guest)
	stop()
	guest.end(err != nil)
}

func (g *Gateway) answerStream(guest *guestConn) error {
	idle := time.AfterFunc(streamIdle, guest.abort)
	defer idle.Stop()
	entry, writable := waiter.NewChannelEntry(waiter.WritableEvents | waiter.EventHUp | waiter.EventErr)
	guest.queue.EventRegister(&entry)
	defer guest.queue.EventUnregister(&entry)
	splitter := &querySplitter{answer: func(query []byte) error {
		idle.Reset(streamIdle)
		answer := g.Resolver.Answer(g.ctx, query, true)
		if answer == nil {
			return errGuest
		}
		return guest.write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...), writable)
	}}
	_, err := guest.copyTo(splitter)
	return err
}

// querySplitter takes messages off a stream, RFC 1035 section 4.2.2.
type querySplitter struct {
	pending []byte
	answer  func(query []byte) error
}

// Write holds at most one message that is not yet whole.
func (s *querySplitter) Write(content []byte) (int, error) {
	s.pending = append(s.pending, content...)
	for len(s.pending) >= 2 {
		end := 2 + int(binary.BigEndian.Uint16(s.pending))
		if len(s.pending) < end {
			break
		}
		if err := s.answer(s.pending[2:end]); err != nil {
			return 0, err
		}
		s.pending = append(s.pending[:0], s.pending[end:]...)
	}
	return len(content), nil
}
