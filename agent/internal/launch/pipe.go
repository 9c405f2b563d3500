// Pipes between the agent and what it starts.

package launch

import (
	"os"

	"golang.org/x/sys/unix"
)

// PipeIn returns the end to read for a process and the end to write.
func PipeIn() (int, *os.File, error) {
	read, write, err := pipe()
	if err != nil {
		return -1, nil, err
	}
	return read, agentEnd(write), nil
}

// PipeOut returns the end to write for a process and the end to read.
func PipeOut() (int, *os.File, error) {
	read, write, err := pipe()
	if err != nil {
		return -1, nil, err
	}
	return write, agentEnd(read), nil
}

// OpenNull opens /dev/null, for a process that gets no input.
func OpenNull() (int, error) {
	return unix.Open("/dev/null", unix.O_RDONLY|unix.O_CLOEXEC, 0)
}

// CloseAll closes the ends of a process, once it has its copies; what is
// negative was never opened.
func CloseAll(fds [3]int) {
	for _, fd := range fds {
		if fd >= 0 {
			_ = unix.Close(fd)
		}
	}
}

// pipe makes both ends close on exec: a process inherits its three descriptors
// and no other.
func pipe() (read, write int, err error) {
	var fds [2]int
	if err := unix.Pipe2(fds[:], unix.O_CLOEXEC); err != nil {
		return -1, -1, err
	}
	return fds[0], fds[1], nil
}

// agentEnd hands a descriptor to Go's poller, so that reads and writes hold no
// thread. Only the agent's end is non-blocking: the flag belongs to the end, and
// programs do not expect it on theirs.
func agentEnd(fd int) *os.File {
	_ = unix.SetNonblock(fd, true)
	return os.NewFile(uintptr(fd), "pipe")
}
