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

// copyTo writes what the guest sends to peer, until the guest has no more.
func (c *guestConn) copyTo(peer io.Writer) (total uint64, err error) {
	entry, readable := waiter.NewChannelEntry(waiter.ReadableEvents)
	c.queue.EventRegister(&entry)
	defer c.queue.EventUnregister(&entry)
	counting := &countingWriter{writer: peer}
	for {
		_, failure := c.endpoint.Read(counting, tcpip.ReadOptions{})
		switch failure.(type) {
		case nil:
			if counting.err != nil {
				return counting.total, counting.err
			}
		case *tcpip.ErrWouldBlock:
			<-readable
		case *tcpip.ErrClosedForReceive:
			return counting.total, nil
		default:
			if counting.err != nil {
				return counting.total, counting.err
			}
			return counting.total, errGuest
		}
	}
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

type countingWriter struct {
	writer io.Writer
	total  uint64
	// err is the first of writer's: the stack does not hand it on.
	err error
}

func (c *countingWriter) Write(content []byte) (int, error) {
	n, err := c.writer.Write(content)
	c.total += uint64(n)
	if err != nil && c.err == nil {
		c.err = err
	}
	return n, err
}
