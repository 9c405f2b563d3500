// The commands that are running, by the name the host gave them.

package process

import (
	"fmt"
	"sync"

	"connectrpc.com/connect"
)

type table struct {
	mu sync.Mutex
	// byID holds nil for a command that is being started.
	byID map[string]*command
}

func newTable() table { return table{byID: map[string]*command{}} }

// reserve takes id, or fails with CodeAlreadyExists.
func (t *table) reserve(id string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, taken := t.byID[id]; taken {
		return connect.NewError(connect.CodeAlreadyExists, fmt.Errorf("process_id %q is that of a running command", id))
	}
	t.byID[id] = nil
	return nil
}

func (t *table) set(id string, c *command) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.byID[id] = c
}

func (t *table) release(id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.byID, id)
}

// find returns nil when no such command runs.
func (t *table) find(id string) *command {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.byID[id]
}
