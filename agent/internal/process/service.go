// Package process implements ProcessService: commands, from the request to the
// last byte of their output.
package process

import (
	"sync"
	"sync/atomic"

	"pyro-mcp/agent/internal/reaper"
	"pyro-mcp/agent/internal/tree"
)

// Service implements agentv1connect.ProcessServiceHandler.
type Service struct {
	defaults Defaults
	forest   tree.Forest
	reaper   *reaper.Reaper
	running  table
	// ending refuses new commands while the old ones are being ended.
	ending atomic.Bool
	calls  sync.WaitGroup
}

// NewService makes a service whose commands get defaults, live in trees of
// forest and are waited for by children.
func NewService(defaults Defaults, forest tree.Forest, children *reaper.Reaper) *Service {
	return &Service{defaults: defaults, forest: forest, reaper: children, running: newTable()}
}

// Wait returns when no Exec is under way. After a lost connection that means:
// every command that was running has been killed.
func (s *Service) Wait() { s.calls.Wait() }
