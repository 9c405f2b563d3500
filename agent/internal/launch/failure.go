// Exit codes that stand for something else than a program's own, and the lines
// that explain them.

package launch

import (
	"errors"
	"fmt"
	"syscall"
)

const (
	// exitCannotExecute and exitNotFound are POSIX's, XCU 2.8.2.
	exitCannotExecute = 126
	exitNotFound      = 127
)

// errNoInterpreter: the program is there, what its "#!" or ELF header names is not.
var errNoInterpreter = errors.New("its interpreter is not found")

// missingShell is what the image names as its shell and does not have.
type missingShell string

func (m missingShell) Error() string {
	return fmt.Sprintf("the image's shell %q is not found", string(m))
}

// Failure is a program that could not be executed.
type Failure struct {
	// Code is what a shell exits with.
	Code uint32
	// Reason is one line with its end.
	Reason string
}

// DescribeFailure turns an error of Start into what a shell tells of argv[0].
func DescribeFailure(name string, err error) Failure {
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
	if name == "" {
		name = shells[len(shells)-1]
		var named missingShell
		lacking := "the guest has no shell"
		if errors.As(err, &named) {
			code, lacking = exitNotFound, named.Error()
		}
		if code == exitNotFound {
			reason = lacking + "; give a program with its arguments instead of a command line"
		}
	}
	return Failure{Code: code, Reason: fmt.Sprintf("pyro: %s: %s\n", name, reason)}
}
