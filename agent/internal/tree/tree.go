// Package tree keeps together all processes of one command, those that left
// its session and lost their parents included.
package tree

import (
	"os"
	"syscall"
	"time"
)

// Forest makes trees.
type Forest interface {
	// New makes an empty tree.
	New() (Tree, error)
	// Limit sets how many tasks (processes and threads) all trees together may
	// have; 0 is no limit.
	Limit(maxTasks uint32) error
	// Sweep removes what is left of released trees whose last process is gone.
	Sweep()
}

// Tree is the processes of one command. Its owner calls Release.
type Tree interface {
	// Attach makes the process that attr describes be born inside the tree.
	Attach(attr *syscall.ProcAttr)
	// Rooted names the first process, once it is started.
	Rooted(pid int)
	// Signal sends sig to every process of the tree.
	Signal(sig syscall.Signal) error
	// Kill ends every process of the tree, also those that are being forked
	// meanwhile, and returns when none is left.
	Kill() error
	// Empty reports whether no process of the tree is left.
	Empty() (bool, error)
	// Release gives the tree up after its first process has ended. Processes
	// in the background live on.
	Release()
}

// killDeadline bounds Kill. A process dies of SIGKILL in milliseconds unless
// the kernel holds it.
const killDeadline = 10 * time.Second

// SignalAll signals every process below the agent.
func SignalAll(sig syscall.Signal) {
	if os.Getpid() == 1 {
		// All processes but PID 1 itself, kill(2).
		_ = syscall.Kill(-1, sig)
		return
	}
	for _, pid := range descendants(snapshot(), os.Getpid()) {
		_ = syscall.Kill(pid, sig)
	}
}
