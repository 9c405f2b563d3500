// The pipes between the agent and a command.

package process

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// streams are both ends of a command's standard streams. Every descriptor is
// closed on exec: a command inherits its three and no other.
type streams struct {
	// child are descriptors 0, 1 and 2 of the command.
	child [3]int
	// stdin is nil when the command reads from /dev/null.
	stdin          *os.File
	stdout, stderr *os.File
}

func openStreams(withStdin bool) (*streams, error) {
	s := &streams{child: [3]int{-1, -1, -1}}
	var errs [3]error
	if withStdin {
		s.child[0], s.stdin, errs[0] = pipeIn()
	} else {
		s.child[0], errs[0] = unix.Open("/dev/null", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	}
	s.child[1], s.stdout, errs[1] = pipeOut()
	s.child[2], s.stderr, errs[2] = pipeOut()
	if err := errors.Join(errs[:]...); err != nil {
		s.closeChild()
		s.closeAgent()
		return nil, err
	}
	return s, nil
}

// closeChild closes the command's ends, once it has its copies.
func (s *streams) closeChild() {
	for _, fd := range s.child {
		if fd >= 0 {
			_ = unix.Close(fd)
		}
	}
}

// closeAgent closes the agent's ends.
func (s *streams) closeAgent() {
	for _, file := range []*os.File{s.stdin, s.stdout, s.stderr} {
		// Closing nil is an error of no consequence.
		_ = file.Close()
	}
}

// pipeIn returns the end to read for a command and the end to write.
func pipeIn() (int, *os.File, error) {
	read, write, err := pipe()
	if err != nil {
		return -1, nil, err
	}
	return read, agentEnd(write), nil
}

// pipeOut returns the end to write for a command and the end to read.
func pipeOut() (int, *os.File, error) {
	read, write, err := pipe()
	if err != nil {
		return -1, nil, err
	}
	return write, agentEnd(read), nil
}

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
