// The master's end of a pseudo-terminal.

package shells

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// readBytes is what one read takes, and what gVisor's terminals hold.
	readBytes = 64 << 10
	// drainBytes bounds what is still read when the shell has ended. A terminal
	// that is never empty belongs to a process in the background.
	drainBytes = 1 << 20
	// inputPatience is how long a program may leave its input where it is.
	inputPatience = 5 * time.Second
	// quietAfter is how long nothing comes before a program waits for its user.
	quietAfter = 20 * time.Millisecond
)

var errNotTaken = errors.New("the program in the shell does not read its input")

type terminal struct {
	master *os.File
	// writing keeps inputs whole.
	writing sync.Mutex
	// interrupting: copyTo is to look up.
	interrupting atomic.Bool
}

// copying is what copyTo calls.
type copying struct {
	output func([]byte)
	// quiet comes once after output, when no more follows at once.
	quiet func()
	// interrupted comes after interrupt, when all that was there has been copied.
	interrupted func()
}

// openTerminal returns the master's end, and the descriptor of the other one,
// which the caller closes.
func openTerminal(cols, rows uint32) (*terminal, int, error) {
	master, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, -1, fmt.Errorf("open /dev/ptmx: %w", err)
	}
	// Go's poller takes it, because it is non-blocking: a read holds no thread.
	t := &terminal{master: os.NewFile(uintptr(master), "ptmx")}
	slave, err := openSlave(master)
	if err == nil {
		err = errors.Join(t.resize(cols, rows), setUTF8(slave))
	}
	if err != nil {
		t.close()
		if slave >= 0 {
			_ = unix.Close(slave)
		}
		return nil, -1, err
	}
	return t, slave, nil
}

func openSlave(master int) (int, error) {
	if err := unix.IoctlSetPointerInt(master, unix.TIOCSPTLCK, 0); err != nil {
		return -1, fmt.Errorf("unlock the terminal: %w", err)
	}
	number, err := unix.IoctlGetUint32(master, unix.TIOCGPTN)
	if err != nil {
		return -1, fmt.Errorf("number of the terminal: %w", err)
	}
	name := fmt.Sprintf("/dev/pts/%d", number)
	slave, err := unix.Open(name, unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, fmt.Errorf("open %s: %w", name, err)
	}
	return slave, nil
}

// setUTF8 makes the erase key take whole characters.
func setUTF8(slave int) error {
	settings, err := unix.IoctlGetTermios(slave, unix.TCGETS)
	if err != nil {
		return fmt.Errorf("settings of the terminal: %w", err)
	}
	settings.Iflag |= unix.IUTF8
	return unix.IoctlSetTermios(slave, unix.TCSETS, settings)
}

// resize also tells the programs in the foreground.
func (t *terminal) resize(cols, rows uint32) error {
	return t.control(func(fd int) error {
		return unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Col: uint16(cols), Row: uint16(rows)})
	})
}

// write types input. It fails when the program leaves it lying.
func (t *terminal) write(input []byte) error {
	t.writing.Lock()
	defer t.writing.Unlock()
	_ = t.master.SetWriteDeadline(time.Now().Add(inputPatience))
	_, err := t.master.Write(input)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return errNotTaken
	}
	return err
}

// copyTo hands over all output until nobody has the terminal open any more, or
// it is closed.
func (t *terminal) copyTo(to copying) {
	buffer := make([]byte, readBytes)
	var deadline time.Time
	for {
		_ = t.master.SetReadDeadline(deadline)
		// It may have come before the deadline was set anew.
		if t.interrupting.CompareAndSwap(true, false) {
			t.drain(buffer, to.output)
			to.quiet()
			to.interrupted()
		}
		n, err := t.master.Read(buffer)
		deadline = time.Time{}
		if n > 0 {
			to.output(buffer[:n])
			deadline = time.Now().Add(quietAfter)
		}
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			to.quiet()
		case err != nil:
			return
		}
	}
}

// interrupt makes copyTo look up.
func (t *terminal) interrupt() {
	t.interrupting.Store(true)
	_ = t.master.SetReadDeadline(time.Unix(0, 1))
}

// drain reads past os.File, which after a deadline refuses to read even what is
// there already.
func (t *terminal) drain(buffer []byte, sink func([]byte)) {
	for left := drainBytes; left > 0; {
		n := 0
		err := t.control(func(fd int) (err error) {
			n, err = unix.Read(fd, buffer)
			return err
		})
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if err != nil || n <= 0 {
			return
		}
		sink(buffer[:n])
		left -= n
	}
}

func (t *terminal) close() { _ = t.master.Close() }

func (t *terminal) control(act func(fd int) error) error {
	conn, err := t.master.SyscallConn()
	if err != nil {
		return err
	}
	var failure error
	if err := conn.Control(func(fd uintptr) { failure = act(int(fd)) }); err != nil {
		return err
	}
	return failure
}
