// The shells that there are, in the order of their opening.

package shells

import (
	"errors"
	"fmt"
	"sync"

	"connectrpc.com/connect"
)

// maxShells bounds the shells of a guest, those that have ended and wait to be
// read included.
const maxShells = 64

type table struct {
	mu sync.Mutex
	// order holds the ids; byID nil for a shell that is being opened.
	order []string
	byID  map[string]*shell
}

// reserve takes id for a shell that is about to be opened.
func (t *table) reserve(id string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, taken := t.byID[id]; taken {
		return connect.NewError(connect.CodeAlreadyExists, fmt.Errorf("there is a shell %s already", id))
	}
	if len(t.byID) >= maxShells {
		return connect.NewError(connect.CodeResourceExhausted, fmt.Errorf("there are %d shells, as many as a guest can have", maxShells))
	}
	t.byID[id] = nil
	t.order = append(t.order, id)
	return nil
}

func (t *table) set(s *shell) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.byID[s.id] = s
}

func (t *table) remove(id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.byID, id)
	for i, each := range t.order {
		if each == id {
			t.order = append(t.order[:i:i], t.order[i+1:]...)
			return
		}
	}
}

// find fails with CodeNotFound.
func (t *table) find(id string) (*shell, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if s := t.byID[id]; s != nil {
		return s, nil
	}
	return nil, connect.NewError(connect.CodeNotFound, errors.New("there is no such shell"))
}

func (t *table) list() []*shell {
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []*shell
	for _, id := range t.order {
		if s := t.byID[id]; s != nil {
			all = append(all, s)
		}
	}
	return all
}
