// Exit codes and the lines that explain them.

package launch

import (
	"errors"
	"syscall"
	"testing"
)

func TestDescribeFailure(t *testing.T) {
	for _, test := range []struct {
		err    error
		code   uint32
		reason string
	}{
		{syscall.ENOENT, 127, "pyro: x: command not found\n"},
		{errNoInterpreter, 127, "pyro: x: its interpreter is not found\n"},
		{syscall.EACCES, 126, "pyro: x: permission denied\n"},
		{syscall.EISDIR, 126, "pyro: x: is a directory\n"},
		{syscall.E2BIG, 126, "pyro: x: argument list too long\n"},
		{syscall.EAGAIN, 126, "pyro: x: cannot fork: the limit of tasks is reached\n"},
		{errors.New("odd"), 126, "pyro: x: odd\n"},
	} {
		if got := DescribeFailure("x", test.err); got.Code != test.code || got.Reason != test.reason {
			t.Errorf("%v: %v", test.err, got)
		}
	}
}

func TestDescribeFailureOfACommandLine(t *testing.T) {
	const advice = "; give a program with its arguments instead of a command line\n"
	for _, test := range []struct {
		err    error
		code   uint32
		reason string
	}{
		{syscall.ENOENT, 127, "pyro: sh: the guest has no shell" + advice},
		{missingShell("/bin/zsh"), 127, `pyro: sh: the image's shell "/bin/zsh" is not found` + advice},
		{syscall.EACCES, 126, "pyro: sh: permission denied\n"},
	} {
		if got := DescribeFailure("", test.err); got.Code != test.code || got.Reason != test.reason {
			t.Errorf("%v: %v", test.err, got)
		}
	}
}
