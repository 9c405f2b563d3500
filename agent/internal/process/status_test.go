// Exit codes and the lines that explain them.

package process

import (
	"errors"
	"syscall"
	"testing"
	"time"

	"pyro-mcp/agent/internal/reaper"
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
		if got := describeFailure("x", test.err); got.code != test.code || got.reason != test.reason {
			t.Errorf("%v: %v", test.err, got)
		}
	}
}

func TestExitedSpeaksAsAShell(t *testing.T) {
	started := time.Now()
	c := &command{started: started}
	at := started.Add(1500 * time.Microsecond)
	const exited3, killed9, coreDumped11 = 3 << 8, 9, 11 | 0x80
	for _, test := range []struct {
		status   syscall.WaitStatus
		timedOut bool
		code     uint32
		signal   uint32
	}{
		{0, false, 0, 0},
		{exited3, false, 3, 0},
		{killed9, false, 137, 9},
		{coreDumped11, false, 139, 11},
		{killed9, true, 124, 9},
	} {
		got := c.exited(reaper.Exit{Status: test.status, At: at}, test.timedOut)
		if got.GetExitCode() != test.code || got.GetSignal() != test.signal || got.GetTimedOut() != test.timedOut || got.GetDurationUs() != 1500 {
			t.Errorf("%x: %v", int(test.status), got)
		}
	}
}
