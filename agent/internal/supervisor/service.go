// Package supervisor implements SupervisorService: named processes that live
// until they end, are stopped, or the guest goes.
package supervisor

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"

	"connectrpc.com/connect"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
	"pyro-mcp/agent/internal/launch"
	"pyro-mcp/agent/internal/secrets"
)

const (
	// logRoot is below the root of the working directories: what is on the guest's
	// disk goes with it through a stop and a start, and away with a reset.
	logRoot = "var/lib/pyro/services"
	// maxServices bounds the names in use, and so what logs take on the disk.
	maxServices = 64
)

// Supervisor implements agentv1connect.SupervisorServiceHandler.
type Supervisor struct {
	launcher *launch.Launcher
	secrets  *secrets.Store
	logs     string

	mu     sync.Mutex
	byName map[string]*run
	// changes counts the changes of all runs; changed is closed at each of them.
	changes uint64
	changed chan struct{}
}

// New makes a supervisor whose services are started by launcher; root is the
// directory that stands for "/".
func New(launcher *launch.Launcher, secrets *secrets.Store, root string) *Supervisor {
	return &Supervisor{
		launcher: launcher,
		secrets:  secrets,
		logs:     filepath.Join(root, logRoot),
		byName:   map[string]*run{},
		changed:  make(chan struct{}),
	}
}

// StartService starts a process and answers without waiting for it to be ready.
func (s *Supervisor) StartService(_ context.Context, request *connect.Request[agentv1.StartServiceRequest]) (*connect.Response[agentv1.StartServiceResponse], error) {
	env, err := s.secrets.Environment(request.Msg.GetEnv(), request.Msg.GetSecretEnv())
	if err != nil {
		return nil, err
	}
	plan, err := parseStart(request.Msg, env)
	if err != nil {
		return nil, connect.NewError(connect.CodeInvalidArgument, err)
	}
	r, err := s.reserve(plan.name)
	if err != nil {
		return nil, err
	}
	if err := r.start(plan); err != nil {
		s.drop(r)
		return nil, err
	}
	return connect.NewResponse(&agentv1.StartServiceResponse{Service: r.status()}), nil
}

// WatchServices sends states until the call ends. Of several changes in a row
// the last one is sent.
func (s *Supervisor) WatchServices(ctx context.Context, _ *connect.Request[agentv1.WatchServicesRequest], stream *connect.ServerStream[agentv1.WatchServicesResponse]) error {
	var seen uint64
	for first := true; ; first = false {
		states, changes, changed := s.since(seen)
		if first || len(states) > 0 {
			if err := stream.Send(&agentv1.WatchServicesResponse{Services: states}); err != nil {
				return err
			}
		}
		seen = changes
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// StopService ends a service and waits until nothing of it is left.
func (s *Supervisor) StopService(ctx context.Context, request *connect.Request[agentv1.StopServiceRequest]) (*connect.Response[agentv1.StopServiceResponse], error) {
	r := s.find(request.Msg.GetName())
	if r == nil {
		return nil, connect.NewError(connect.CodeNotFound, fmt.Errorf("there is no service %.80q", request.Msg.GetName()))
	}
	r.end(stateStopped, graceOf(request.Msg.GetGraceMs()))
	select {
	case <-r.gone:
		return connect.NewResponse(&agentv1.StopServiceResponse{Service: r.status()}), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// reserve gives name to a new run, or fails with CodeAlreadyExists while a
// former one has not ended.
func (s *Supervisor) reserve(name string) (*run, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	former := s.byName[name]
	if former != nil && !former.hasEnded() {
		return nil, connect.NewError(connect.CodeAlreadyExists, fmt.Errorf("the service %q runs already", name))
	}
	if former == nil && len(s.byName) >= maxServices {
		return nil, connect.NewError(connect.CodeResourceExhausted, fmt.Errorf("there are %d services already", maxServices))
	}
	s.changes++
	r := newRun(s, name, s.changes)
	s.byName[name] = r
	return r, nil
}

// drop takes back a run that was never started.
func (s *Supervisor) drop(r *run) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byName[r.name] == r {
		delete(s.byName, r.name)
	}
	close(r.gone)
}

// find returns nil when there is no such service, or not yet.
func (s *Supervisor) find(name string) *run {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.byName[name]; r != nil && r.isKnown() {
		return r
	}
	return nil
}

// since returns the states that have changed after a count of changes, the count
// now, and what is closed at the next change.
func (s *Supervisor) since(seen uint64) ([]*agentv1.Service, uint64, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var states []*agentv1.Service
	for _, r := range s.byName {
		if r.changedAt > seen && r.isKnown() {
			states = append(states, r.copyState())
		}
	}
	return states, s.changes, s.changed
}

// change applies act to the state of r and tells the watchers.
func (s *Supervisor) change(r *run, act func(state *agentv1.Service)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	act(r.state)
	s.changes++
	r.changedAt = s.changes
	close(s.changed)
	s.changed = make(chan struct{})
}
