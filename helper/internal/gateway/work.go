// Goroutines that are waited for.

package gateway

import (
	"sync"
	"time"
)

// work is a sync.WaitGroup to which nothing is added once it is being waited for.
type work struct {
	mu    sync.Mutex
	over  bool
	group sync.WaitGroup
}

// begin reports false when it is too late. Otherwise the caller calls done.
func (w *work) begin() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.over {
		w.group.Add(1)
	}
	return !w.over
}

func (w *work) done() { w.group.Done() }

// start runs act in a goroutine of its own, and reports false when it is too late.
func (w *work) start(act func()) bool {
	if !w.begin() {
		return false
	}
	go func() {
		defer w.done()
		act()
	}()
	return true
}

// end waits for all that has begun, at most patience.
func (w *work) end(patience time.Duration) {
	w.mu.Lock()
	w.over = true
	w.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		w.group.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(patience):
	}
}
