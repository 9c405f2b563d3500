// The end of all processes at once.

package launch

import (
	"context"
	"syscall"
	"time"

	"pyro-mcp/agent/internal/tree"
)

const (
	// killRounds and killPause bound the wait for processes after SIGKILL: a
	// process may have been forked while the others were being killed.
	killRounds = 50
	killPause  = 100 * time.Millisecond
)

// EndAll ends every process below the agent: TERM, at most grace, KILL. From
// now on nothing is started.
func (l *Launcher) EndAll(grace time.Duration) {
	l.ending.Store(true)
	if grace > 0 {
		tree.SignalAll(syscall.SIGTERM)
		if l.goneWithin(grace) {
			return
		}
	}
	for range killRounds {
		tree.SignalAll(syscall.SIGKILL)
		if l.goneWithin(killPause) {
			return
		}
	}
}

func (l *Launcher) goneWithin(limit time.Duration) bool {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	return l.reaper.WaitNone(ctx) == nil
}
