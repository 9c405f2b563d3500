// Two ends made one.

package gateway

import (
	"errors"
	"io"
	"net"
	"sync"

	"gvisor.dev/gvisor/pkg/waiter"
)

// copyBytes is what one read takes at most: a datagram of any size, too.
const copyBytes = 128 << 10

// copyBuffers are borrowed for the moment in which bytes are there: thousands of
// idle connections hold none.
var copyBuffers = sync.Pool{New: func() any { return new([copyBytes]byte) }}

// join copies both ways until both sides have said all, or one of them breaks
// off: then err is not nil, and the other must be broken off as well.
func join(guest *guestConn, peer net.Conn) (sent, received uint64, err error) {
	var upErr, downErr error
	var both sync.WaitGroup
	both.Go(func() {
		sent, upErr = guest.copyTo(peer)
		if upErr != nil {
			breakOff(guest, peer)
			return
		}
		if half, ok := peer.(interface{ CloseWrite() error }); ok {
			_ = half.CloseWrite()
		}
	})
	both.Go(func() {
		received, downErr = copyFrom(peer, guest)
		if downErr != nil {
			breakOff(guest, peer)
			return
		}
		guest.closeWrite()
	})
	both.Wait()
	return sent, received, firstCause(upErr, downErr)
}

// breakOff ends both sides with a reset.
func breakOff(guest *guestConn, peer net.Conn) {
	if linger, ok := peer.(interface{ SetLinger(int) error }); ok {
		_ = linger.SetLinger(0)
	}
	peer.Close()
	guest.abort()
}

// firstCause prefers the error that is not the echo of the other direction's.
func firstCause(errs ...error) (cause error) {
	for _, err := range errs {
		if err != nil && (cause == nil || errors.Is(cause, net.ErrClosed) || errors.Is(cause, errGuest)) && !errors.Is(err, net.ErrClosed) {
			cause = err
		}
	}
	return cause
}

// copyFrom writes what peer sends to the guest, until peer has no more.
func copyFrom(peer net.Conn, guest *guestConn) (total uint64, err error) {
	entry, writable := waiter.NewChannelEntry(waiter.WritableEvents | waiter.EventHUp | waiter.EventErr)
	guest.queue.EventRegister(&entry)
	defer guest.queue.EventUnregister(&entry)
	reader, err := newReadyReader(peer)
	if err != nil {
		return 0, err
	}
	for {
		buffer, n, err := reader.next()
		if n > 0 {
			total += uint64(n)
			failure := guest.write(buffer[:n], writable)
			copyBuffers.Put(buffer)
			if failure != nil {
				return total, failure
			}
		}
		if err == io.EOF {
			return total, nil
		}
		if err != nil {
			return total, err
		}
	}
}
