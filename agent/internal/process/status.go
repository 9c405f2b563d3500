// Exit codes that stand for something else than a program's own, and the lines
// that explain them on stderr.

package process

import (
	"errors"
	"fmt"
	"syscall"
)

const (
	// exitTimedOut is that of timeout(1).
	exitTimedOut = 124
	// exitCannotExecute and exitNotFound are POSIX's, XCU 2.8.2.
	exitCannotExecute = 126
	exitNotFound      = 127
	// signalBase is added to the number of a signal by every shell.
	signalBase = 128
)

// errNoInterpreter: the program is there, what its "#!" or ELF header names is not.
var errNoInterpreter = errors.New("its interpreter is not found")

// failure is a command that could not be executed.
type failure struct {
	code   uint32
	reason string
}

// describeFailure turns the error of lookup or execve into what a shell tells.
func describeFailure(name string, err error) failure {
	code, reason := uint32(exitCannotExecute), err.Error()
	if errors.Is(err, errNoInterpreter) {
		code = exitNotFound
	}
	var errno syscall.Errno
	if errors.As(err, &errno) {
		switch errno {
		case syscall.ENOENT:
			code, reason = exitNotFound, "command not found"
		case syscall.EACCES, syscall.EPERM:
			reason = "permission denied"
		case syscall.EISDIR:
			reason = "is a directory"
		case syscall.EAGAIN:
			reason = "cannot fork: the limit of tasks is reached"
		}
	}
	return failure{code: code, reason: fmt.Sprintf("pyro: %s: %s\n", name, reason)}
}
