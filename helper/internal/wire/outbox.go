// What waits to be sent to the guest.

package wire

import (
	"encoding/binary"
	"net"
	"sync"
)

// outboxBytes bounds what a guest that does not read makes this process hold.
// What comes on top is dropped, as on any network.
const outboxBytes = 16 << 20

// Packet is one packet in pieces. Release, when set, is called once it is sent
// or dropped.
type Packet struct {
	Pieces  [][]byte
	Release func()
}

func (p Packet) size() (total int) {
	for _, piece := range p.Pieces {
		total += len(piece)
	}
	return total
}

func (p Packet) release() {
	if p.Release != nil {
		p.Release()
	}
}

// Outbox queues packets, and sends all that are there with one system call.
type Outbox struct {
	mu      sync.Mutex
	waiting []Packet
	bytes   int
	closed  bool
	// filled has room for one token: there is something to send, or no more will be.
	filled chan struct{}
}

// NewOutbox makes an empty outbox.
func NewOutbox() *Outbox { return &Outbox{filled: make(chan struct{}, 1)} }

// Put queues packet, and owns it from then on. It reports false when it was dropped.
func (o *Outbox) Put(packet Packet) bool {
	size := packet.size()
	o.mu.Lock()
	if o.closed || o.bytes+size > outboxBytes || size > MaxPacketBytes {
		o.mu.Unlock()
		packet.release()
		return false
	}
	o.waiting = append(o.waiting, packet)
	o.bytes += size
	o.mu.Unlock()
	o.wake()
	return true
}

// Close drops what waits, and everything that is put from now on.
func (o *Outbox) Close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, packet := range o.waiting {
		packet.release()
	}
	o.waiting, o.closed = nil, true
	o.wake()
}

func (o *Outbox) wake() {
	select {
	case o.filled <- struct{}{}:
	default:
	}
}

// Send writes packets to conn as they come, until Close or an error.
func (o *Outbox) Send(conn net.Conn) error {
	var batch []Packet
	var pieces [][]byte
	var lengths []byte
	for range o.filled {
		var open bool
		if batch, open = o.take(batch[:0]); !open {
			return nil
		}
		pieces, lengths = pieces[:0], lengths[:0]
		for _, packet := range batch {
			lengths = binary.BigEndian.AppendUint32(lengths, uint32(packet.size()))
		}
		for i, packet := range batch {
			pieces = append(pieces, lengths[i*lengthBytes:(i+1)*lengthBytes])
			pieces = append(pieces, packet.Pieces...)
		}
		buffers := net.Buffers(pieces)
		_, err := buffers.WriteTo(conn)
		for _, packet := range batch {
			packet.release()
		}
		clear(batch)
		if err != nil {
			return err
		}
	}
	return nil
}

// take swaps the queue for the empty one that it is given.
func (o *Outbox) take(empty []Packet) (batch []Packet, open bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	batch, o.waiting, o.bytes = o.waiting, empty, 0
	return batch, !o.closed
}
