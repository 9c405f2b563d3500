// Waiting for a shell to print, or to stop printing.

package shells

import (
	"context"
	"time"
)

// maxIdleWait bounds the wait for a shell that never falls silent.
const maxIdleWait = 30 * time.Second

// waitIdle returns when nothing has been printed for idle, counted from now at
// the earliest; when there are enough characters; when the shell has ended; or
// after maxIdleWait.
func (s *shell) waitIdle(ctx context.Context, idle time.Duration, enough uint64) {
	begun := time.Now()
	for {
		total, grownAt, changed := s.printed.state()
		quietSince := grownAt
		if quietSince.Before(begun) {
			quietSince = begun
		}
		left := min(time.Until(quietSince.Add(idle)), time.Until(begun.Add(maxIdleWait)))
		if left <= 0 || total >= enough || !s.sleep(ctx, left, changed) {
			return
		}
	}
}

// waitOutput returns when there is something after cursor, when the shell has
// ended, or after limit.
func (s *shell) waitOutput(ctx context.Context, cursor uint64, limit time.Duration) {
	until := time.Now().Add(limit)
	for {
		total, _, changed := s.printed.state()
		left := time.Until(until)
		if total > cursor || left <= 0 || !s.sleep(ctx, left, changed) {
			return
		}
	}
}

// sleep returns after limit or when changed is closed. It reports false when
// there is nothing to wait for any more.
func (s *shell) sleep(ctx context.Context, limit time.Duration, changed <-chan struct{}) bool {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-changed:
	case <-timer.C:
	case <-s.ended:
		return false
	case <-ctx.Done():
		return false
	}
	return true
}
