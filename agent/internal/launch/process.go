// A process that has been started, with all that it starts itself.

package launch

import (
	"context"
	"syscall"
	"time"

	"pyro-mcp/agent/internal/reaper"
	"pyro-mcp/agent/internal/tree"
)

// Process is the root of a tree. Its owner receives from Done, then calls Release.
type Process struct {
	PID int
	// Started has a monotonic reading.
	Started time.Time

	reaper *reaper.Reaper
	child  *reaper.Child
	tree   tree.Tree
}

// Done delivers the exit once.
func (p *Process) Done() <-chan reaper.Exit { return p.child.Done() }

// SignalGroup signals the process group that p leads. It reports false when p
// has been reaped.
func (p *Process) SignalGroup(sig syscall.Signal) bool { return p.reaper.SignalGroup(p.child, sig) }

// SignalTree signals every process of the tree. SIGKILL returns when none is left.
func (p *Process) SignalTree(sig syscall.Signal) error {
	if sig == syscall.SIGKILL {
		return p.tree.Kill()
	}
	return p.tree.Signal(sig)
}

// Kill ends the whole tree. The first process is killed by its pid as well: as
// root of its guest it may have left its own tree, and its end is waited for.
func (p *Process) Kill() {
	p.reaper.SignalGroup(p.child, syscall.SIGKILL)
	_ = p.tree.Kill()
}

// AwaitEmpty returns nil when no process of the tree is left, those in the
// background included. To be called when p has ended.
func (p *Process) AwaitEmpty(ctx context.Context) error {
	for {
		// Whoever is the last of a tree has no parent in it, so that the agent
		// reaps it. Asked for before the look: an end in between is not missed.
		orphaned := p.reaper.Orphaned()
		if empty, err := p.tree.Empty(); empty || err != nil {
			return err
		}
		select {
		case <-orphaned:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Release gives the tree up after p has ended. Processes in the background live on.
func (p *Process) Release() { p.tree.Release() }
