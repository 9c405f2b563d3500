// The end of all commands at once.

package process

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
// now on no command is started.
func (s *Service) EndAll(grace time.Duration) {
	s.ending.Store(true)
	if grace > 0 {
		tree.SignalAll(syscall.SIGTERM)
		if s.goneWithin(grace) {
			return
		}
	}
	for range killRounds {
		tree.SignalAll(syscall.SIGKILL)
		if s.goneWithin(killPause) {
			return
		}
	}
}

func (s *Service) goneWithin(limit time.Duration) bool {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	return s.reaper.WaitNone(ctx) == nil
}
