// Package secrets keeps the secrets of a guest in the agent's memory: for the
// files in /run/pyro-secrets, for the environment of the calls that ask for
// them, and for the redaction of whatever leaves the guest.
package secrets

import (
	"fmt"
	"maps"
	"sync"

	"connectrpc.com/connect"

	"pyro-mcp/agent/internal/redact"
)

// Store is empty until PutSecrets, and stays so in a guest without secrets.
type Store struct {
	mu     sync.Mutex
	given  bool
	values map[string][]byte
	set    *redact.Set
}

// put accepts secrets once: streams that run have the patterns of before.
func (s *Store) put(values map[string][]byte, set *redact.Set, write func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.given {
		return connect.NewError(connect.CodeFailedPrecondition, fmt.Errorf("the guest has its secrets already"))
	}
	if err := write(); err != nil {
		return connect.NewError(connect.CodeInternal, err)
	}
	s.given, s.values, s.set = true, values, set
	return nil
}

// Environment adds the secrets that wanted names, variable to secret, to env.
// It fails with a connect.Error when there is no such secret.
func (s *Store) Environment(env, wanted map[string]string) (map[string]string, error) {
	if len(wanted) == 0 {
		return env, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	added := make(map[string]string, len(env)+len(wanted))
	maps.Copy(added, env)
	for variable, name := range wanted {
		value, found := s.values[name]
		if !found {
			return nil, connect.NewError(connect.CodeInvalidArgument, fmt.Errorf("there is no secret %.80q", name))
		}
		added[variable] = string(value)
	}
	return added, nil
}

// Redaction is what every output of the guest's processes passes through.
func (s *Store) Redaction() *redact.Set {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.set
}
