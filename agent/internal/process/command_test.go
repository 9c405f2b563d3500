// Ends of commands, as a shell tells them.

package process

import (
	"syscall"
	"testing"
	"time"

	"pyro-mcp/agent/internal/launch"
	"pyro-mcp/agent/internal/reaper"
)

func TestExitedSpeaksAsAShell(t *testing.T) {
	started := time.Now()
	c := &command{Process: &launch.Process{Started: started}}
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
