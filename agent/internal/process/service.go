// Package process implements ProcessService: commands, from the request to the
// last byte of their output.
package process

import (
	"sync"

	"pyro-mcp/agent/internal/launch"
)

// Service implements agentv1connect.ProcessServiceHandler.
type Service struct {
	launcher *launch.Launcher
	running  table
	calls    sync.WaitGroup
}

// NewService makes a service whose commands are started by launcher.
func NewService(launcher *launch.Launcher) *Service {
	return &Service{launcher: launcher, running: newTable()}
}

// Wait returns when no Exec is under way. After a lost connection that means:
// every command that was running has been killed.
func (s *Service) Wait() { s.calls.Wait() }
