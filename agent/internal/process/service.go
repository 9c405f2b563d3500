// Package process implements ProcessService: commands, from the request to the
// last byte of their output.
package process

import (
	"sync"

	"pyro-mcp/agent/internal/launch"
	"pyro-mcp/agent/internal/secrets"
)

// Service implements agentv1connect.ProcessServiceHandler.
type Service struct {
	launcher *launch.Launcher
	secrets  *secrets.Store
	running  table
	calls    sync.WaitGroup
}

// NewService makes a service whose commands are started by launcher, with what
// they ask of secrets; nothing of those is in their output.
func NewService(launcher *launch.Launcher, secrets *secrets.Store) *Service {
	return &Service{launcher: launcher, secrets: secrets, running: newTable()}
}

// Wait returns when no Exec is under way. After a lost connection that means:
// every command that was running has been killed.
func (s *Service) Wait() { s.calls.Wait() }
