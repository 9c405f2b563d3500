// Reading without a buffer that waits.

package gateway

import (
	"fmt"
	"io"
	"net"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// readyReader reads from a socket, with a buffer that is taken from copyBuffers
// only once there is something to read.
type readyReader struct{ raw syscall.RawConn }

func newReadyReader(conn net.Conn) (readyReader, error) {
	socket, ok := conn.(syscall.Conn)
	if !ok {
		return readyReader{}, fmt.Errorf("%T is no socket", conn)
	}
	raw, err := socket.SyscallConn()
	return readyReader{raw: raw}, err
}

// next waits for bytes, or for one datagram. When n is more than 0 the caller
// gives buffer back. It fails with io.EOF when a stream has ended.
func (r readyReader) next() (buffer *[copyBytes]byte, n int, err error) {
	waitErr := r.raw.Read(func(fd uintptr) bool {
		buffer = copyBuffers.Get().(*[copyBytes]byte)
		for {
			n, err = unix.Read(int(fd), buffer[:])
			if err != unix.EINTR {
				break
			}
		}
		if n <= 0 {
			copyBuffers.Put(buffer)
			buffer = nil
		}
		return err != unix.EAGAIN
	})
	switch {
	case waitErr != nil:
		return nil, 0, waitErr
	case err != nil:
		return nil, 0, os.NewSyscallError("read", err)
	case n == 0:
		return nil, 0, io.EOF
	}
	return buffer, n, nil
}
