// stdout and stderr of a command on their way to the host.

package process

import (
	"errors"
	"io"
	"os"
	"slices"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"pyro-mcp/agent/internal/redact"
)

const (
	// chunkBytes is the largest piece of output in one message, and what a pipe
	// holds by default, pipe(7).
	chunkBytes = 64 << 10
	// drainBytes bounds what is still delivered after the command's end. A pipe
	// that is never empty belongs to a process in the background.
	drainBytes = 1 << 20
)

var chunks = sync.Pool{New: func() any { return new([chunkBytes]byte) }}

// output copies one pipe to the host until end of file, or until the command
// has ended and the pipe is empty.
type output struct {
	file      *os.File
	redaction *redact.Stream
	send      func(chunk []byte) error
	// open: someone may still write to the pipe.
	open bool
}

// run blocks while the host does not take the output: that is the command's
// back-pressure.
func (o *output) run() error {
	if err := o.copy(); err != nil {
		return err
	}
	return o.pass(o.redaction.End())
}

// pass sends what may be seen, which can be nothing, and more than was written.
func (o *output) pass(shown []byte) error {
	for chunk := range slices.Chunk(shown, chunkBytes) {
		if err := o.send(chunk); err != nil {
			return err
		}
	}
	return nil
}

func (o *output) copy() error {
	buffer := chunks.Get().(*[chunkBytes]byte)
	defer chunks.Put(buffer)
	for {
		n, err := o.file.Read(buffer[:])
		if n > 0 {
			if err := o.pass(o.redaction.Write(buffer[:n])); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			return o.drain(buffer[:])
		case err != nil:
			o.open = false
			return nil
		}
	}
}

// commandEnded makes run deliver what is in the pipe now and return.
func (o *output) commandEnded() { _ = o.file.SetReadDeadline(time.Unix(0, 1)) }

// drain reads past os.File, which after a deadline refuses to read even what is
// there already.
func (o *output) drain(buffer []byte) error {
	conn, err := o.file.SyscallConn()
	if err != nil {
		return err
	}
	for left := drainBytes; left > 0; {
		var n int
		var readErr error
		if err := conn.Control(func(fd uintptr) { n, readErr = readNow(int(fd), buffer) }); err != nil {
			return err
		}
		if n <= 0 {
			o.open = errors.Is(readErr, unix.EAGAIN)
			return nil
		}
		if err := o.pass(o.redaction.Write(buffer[:n])); err != nil {
			return err
		}
		left -= n
	}
	return nil
}

// readNow is read(2) on a non-blocking descriptor.
func readNow(fd int, buffer []byte) (int, error) {
	for {
		n, err := unix.Read(fd, buffer)
		if !errors.Is(err, unix.EINTR) {
			return n, err
		}
	}
}

// abandon leaves the pipe to processes in the background: what they write is
// read and dropped until the last of them closes it, so that none is ended by
// SIGPIPE or blocks.
func (o *output) abandon() {
	if !o.open {
		_ = o.file.Close()
		return
	}
	go func() {
		defer o.file.Close()
		_ = o.file.SetReadDeadline(time.Time{})
		_, _ = io.Copy(io.Discard, o.file)
	}()
}
