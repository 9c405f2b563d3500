// Package reaper waits for every child of the agent: the commands it started
// and, because it is PID 1 or a subreaper, every orphan they leave behind.
package reaper

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// Exit is how and when a child ended.
type Exit struct {
	Status syscall.WaitStatus
	// At has a monotonic reading.
	At time.Time
}

// signalBase is added to the number of a signal by every shell.
const signalBase = 128

// Code is the exit code that a shell tells.
func (e Exit) Code() uint32 {
	if e.Status.Signaled() {
		return signalBase + uint32(e.Status.Signal())
	}
	return uint32(e.Status.ExitStatus())
}

// Child is a process started through Spawn.
type Child struct {
	PID  int
	done chan Exit
}

// Done delivers the child's exit once.
func (c *Child) Done() <-chan Exit { return c.done }

// Reaper owns wait4 for the whole process: nothing else may wait for children.
type Reaper struct {
	// mu is held from fork to registration and while a pid is being reaped, so
	// that no exit arrives before its child is known and no signal reaches a
	// pid that has been given to another process.
	mu       sync.Mutex
	children map[int]*Child
	idle     []chan struct{}
	onOrphan func()
	// orphaned is closed, and made anew, when orphans have been reaped.
	orphaned chan struct{}
}

// Start begins reaping. onOrphan is called after processes that Spawn did not
// start have been reaped.
func Start(onOrphan func()) *Reaper {
	r := &Reaper{children: map[int]*Child{}, onOrphan: onOrphan, orphaned: make(chan struct{})}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGCHLD)
	go func() {
		for range signals {
			r.collect()
		}
	}()
	return r
}

// Spawn runs fork, which starts a process and returns its pid, and watches it.
func (r *Reaper) Spawn(fork func() (int, error)) (*Child, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	pid, err := fork()
	if err != nil {
		return nil, err
	}
	child := &Child{PID: pid, done: make(chan Exit, 1)}
	r.children[pid] = child
	return child, nil
}

// SignalGroup signals the process group that child leads. It reports false
// when the child has been reaped.
func (r *Reaper) SignalGroup(child *Child, sig syscall.Signal) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.children[child.PID] != child {
		return false
	}
	return syscall.Kill(-child.PID, sig) == nil
}

// Orphaned returns a channel that is closed when the next process is reaped that
// Spawn did not start.
func (r *Reaper) Orphaned() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.orphaned
}

// WaitNone returns nil as soon as the agent has no child left, which for PID 1
// and a subreaper means that no process of any command is left.
func (r *Reaper) WaitNone(ctx context.Context) error {
	idle := make(chan struct{})
	r.mu.Lock()
	r.idle = append(r.idle, idle)
	r.mu.Unlock()
	r.collect()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// collect reaps all that has ended. One SIGCHLD may stand for many exits.
func (r *Reaper) collect() {
	if r.reap() {
		r.onOrphan()
		r.mu.Lock()
		close(r.orphaned)
		r.orphaned = make(chan struct{})
		r.mu.Unlock()
	}
}

func (r *Reaper) reap() (orphans bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		switch {
		case err == syscall.EINTR:
			continue
		case err == syscall.ECHILD:
			for _, idle := range r.idle {
				close(idle)
			}
			r.idle = nil
			return orphans
		case err != nil || pid == 0:
			return orphans
		}
		child, known := r.children[pid]
		if !known {
			orphans = true
			continue
		}
		delete(r.children, pid)
		child.done <- Exit{Status: status, At: time.Now()}
	}
}
