// The guest's end of a connection of TCP.

package gateway

import (
	"bytes"
	"errors"
	"io"
	"time"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/waiter"
)

// lastWords is how long a guest may take to read what is left when the other
// side has hung up, after which the connection is broken off.
const lastWords = 30 * time.Second

// errGuest: the guest broke the connection off.
var errGuest = errors.New("reset by the guest")

type guestConn struct {
	endpoint tcpip.Endpoint
	queue    *waiter.Queue
}

// shrink gives the connection small buffers.
func (c *guestConn) shrink() {
	options := c.endpoint.SocketOptions()
	options.SetSendBufferSize(smallBufferBytes, true)
	options.SetReceiveBufferSize(smallBufferBytes, true)
}

// copyTo writes what the guest sends to peer, until the guest has no more.
func (c *guestConn) copyTo(peer io.Writer) (total uint64, err error) {
	entry, readable := waiter.NewChannelEntry(waiter.ReadableEvents)
	c.queue.EventRegister(&entry)
	defer c.queue.EventUnregister(&entry)
	for {
		n, failure, err := c.copySome(peer)
		total += uint64(n)
		if err != nil {
			return total, err
		}
		switch failure.(type) {
		case nil:
		case *tcpip.ErrWouldBlock:
			<-readable
		case *tcpip.ErrClosedForReceive:
			return total, nil
		default:
			return total, errGuest
		}
	}
}

// copySome takes what is there, and then writes it. Writing while the endpoint is
// being read would hold its lock: a peer that does not read would keep the guest
// from hearing anything.
func (c *guestConn) copySome(peer io.Writer) (n int, failure tcpip.Error, err error) {
	buffer := copyBuffers.Get().(*[copyBytes]byte)
	defer copyBuffers.Put(buffer)
	writer := tcpip.SliceWriter(buffer[:])
	result, failure := c.endpoint.Read(&writer, tcpip.ReadOptions{})
	if failure != nil {
		return 0, failure, nil
	}
	n, err = peer.Write(buffer[:result.Count])
	return n, nil, err
}

// write sends all of content to the guest.
func (c *guestConn) write(content []byte, writable <-chan struct{}) error {
	reader := bytes.NewReader(content)
	for reader.Len() > 0 {
		_, failure := c.endpoint.Write(reader, tcpip.WriteOptions{})
		switch failure.(type) {
		case nil:
		case *tcpip.ErrWouldBlock:
			<-writable
		default:
			return errGuest
		}
	}
	return nil
}

// closeWrite tells the guest that nothing more comes.
func (c *guestConn) closeWrite() {
	// It fails only when the guest has gone already.
	_ = c.endpoint.Shutdown(tcpip.ShutdownWrite)
}

// abort breaks the connection off, at once and without waiting.
func (c *guestConn) abort() { c.endpoint.Abort() }

// end returns when the stack holds nothing of the connection any more.
func (c *guestConn) end(broken bool) {
	entry, gone := waiter.NewChannelEntry(waiter.EventHUp)
	c.queue.EventRegister(&entry)
	defer c.queue.EventUnregister(&entry)
	if broken {
		c.endpoint.Abort()
		return
	}
	c.endpoint.Close()
	if c.endpoint.Readiness(waiter.EventHUp)&waiter.EventHUp != 0 {
		return
	}
	select {
	case <-gone:
	case <-time.After(lastWords):
		c.endpoint.Abort()
	}
}
