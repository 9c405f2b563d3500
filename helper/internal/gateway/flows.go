// Conversations without connections: UDP and echo requests of ICMP.

package gateway

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"pyro-mcp/helper/internal/record"
)

// flowIdle is how long a pair of ends stays open after its last packet: longer than
// programs wait between keepalives, and short enough for one that asks a lot.
const flowIdle = time.Minute

// flowKey is a conversation's two ends. An echo request has its identifier for a
// port, and none on the other side.
type flowKey struct {
	protocol string
	source   netip.AddrPort
	target   netip.AddrPort
}

type flow struct {
	conn net.Conn
	raw  syscall.RawConn
	// usedAt is the time of the last packet from the guest, nanoseconds.
	usedAt         atomic.Int64
	sent, received atomic.Uint64
	connection     *record.Connection
}

// flows are those that are open.
type flows struct {
	mu   sync.Mutex
	open map[flowKey]*flow
}

func newFlows() *flows { return &flows{open: map[flowKey]*flow{}} }

func (f *flows) find(key flowKey) *flow {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.open[key]
}

func (f *flows) add(key flowKey, one *flow) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.open[key] = one
}

func (f *flows) remove(key flowKey) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.open, key)
}

// close ends all: each is removed by the goroutine that reads from it.
func (f *flows) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, one := range f.open {
		one.conn.Close()
	}
}

// conversation is how the guest hears from the other side.
type conversation struct {
	// answer makes a packet of what came back, or nil of what is none of the guest's.
	answer func(content []byte) []byte
	// fail says that a packet went nowhere.
	fail func(err error)
}

// forward sends content on the flow of key, which it opens when there is none.
// Only the goroutine that receives the guest's packets calls it.
func (g *Gateway) forward(key flowKey, content []byte, begin func() conversation) {
	one := g.flows.find(key)
	if one != nil {
		one.usedAt.Store(time.Now().UnixNano())
		one.write(content)
		return
	}
	talk := begin()
	one, err := g.openFlow(key)
	if err != nil {
		talk.fail(err)
		return
	}
	one.usedAt.Store(time.Now().UnixNano())
	one.write(content)
	// Packets are handled before the end, so that it is not too late.
	g.work.start(func() { g.carryBack(key, one, talk) })
}

func (g *Gateway) openFlow(key flowKey) (*flow, error) {
	conn, err := g.connect(key.protocol, key.target)
	if err != nil {
		return nil, err
	}
	socket, ok := conn.(syscall.Conn)
	if !ok {
		conn.Close()
		g.slots.give()
		return nil, errors.New("no socket")
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		conn.Close()
		g.slots.give()
		return nil, err
	}
	one := &flow{conn: conn, raw: raw, connection: g.Record.Start(g.lineTo(key.protocol, key.target))}
	g.flows.add(key, one)
	return one, nil
}

// write drops content when the socket is full: waiting would hold up everything
// else that the guest sends. What the network says of it is read by receive.
func (f *flow) write(content []byte) {
	_ = f.raw.Write(func(fd uintptr) bool {
		if n, err := unix.Write(int(fd), content); err == nil {
			f.sent.Add(uint64(n))
		}
		return true
	})
}

// carryBack brings the guest what the other side sends, until the flow is idle.
func (g *Gateway) carryBack(key flowKey, one *flow, talk conversation) {
	defer g.slots.give()
	err := one.receive(func(content []byte) {
		if packet := talk.answer(content); packet != nil {
			g.send(packet)
		}
	})
	reason := ""
	if err != nil {
		reason = describe(err)
		talk.fail(err)
	}
	g.flows.remove(key)
	one.conn.Close()
	one.connection.End(one.sent.Load(), one.received.Load(), reason)
}

// receive returns nil when nothing came for long, or the flow was closed, and
// otherwise what the network said of an earlier packet, such as a closed port.
func (f *flow) receive(deliver func([]byte)) error {
	reader := readyReader{raw: f.raw}
	for {
		if f.conn.SetReadDeadline(time.Unix(0, f.usedAt.Load()).Add(flowIdle)) != nil {
			return nil
		}
		buffer, n, err := reader.next()
		switch {
		case n > 0:
			f.received.Add(uint64(n))
			f.usedAt.Store(time.Now().UnixNano())
			deliver(buffer[:n])
			copyBuffers.Put(buffer)
		case err == io.EOF:
			deliver(nil)
		case errors.Is(err, net.ErrClosed):
			return nil
		case errors.Is(err, os.ErrDeadlineExceeded):
			if time.Since(time.Unix(0, f.usedAt.Load())) >= flowIdle {
				return nil
			}
		default:
			return err
		}
	}
}
