// One run of a service, from its start until nothing of it is left.

package supervisor

import (
	"context"
	"errors"
	"sync"
	"syscall"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
	"pyro-mcp/agent/internal/launch"
)

// ownGrace is between TERM and KILL where no host says how long: for what is
// left of a service whose process died, or that was not ready in time.
const ownGrace = 2 * time.Second

// States of a service, as the protocol has them; none before its start is over.
const (
	stateGettingReady = "getting_ready"
	stateReady        = "ready"
	stateExited       = "exited"
	stateStopped      = "stopped"
	stateExitedEarly  = "exited_early"
	stateNotReady     = "not_ready"
	stateNotStarted   = "not_started"
)

type run struct {
	supervisor *Supervisor
	name       string
	process    *launch.Process
	log        *serviceLog
	// gone is closed when nothing of the service is left.
	gone chan struct{}
	// endOnce: the first reason to end it counts.
	endOnce sync.Once

	// Below: under supervisor.mu.

	state *agentv1.Service
	// ending is why it is being ended; empty: it runs.
	ending    string
	changedAt uint64
}

func newRun(s *Supervisor, name string, number uint64) *run {
	return &run{
		supervisor: s,
		name:       name,
		gone:       make(chan struct{}),
		state:      &agentv1.Service{Name: name, Run: number},
	}
}

// start fails with a connect.Error when the request or the agent is at fault. A
// program that cannot run is a service that has ended.
func (r *run) start(p plan) error {
	log, err := openLog(r.supervisor.logs, r.name)
	if err != nil {
		return connect.NewError(connect.CodeInternal, err)
	}
	r.log = log
	pipes, err := openPipes()
	if err != nil {
		log.close()
		return connect.NewError(connect.CodeInternal, err)
	}
	defer launch.CloseAll(pipes.child)
	process, err := r.supervisor.launcher.Start(p.spec, pipes.child, &syscall.SysProcAttr{})
	var refusal *connect.Error
	if errors.As(err, &refusal) {
		pipes.abandon()
		log.close()
		return refusal
	}
	if err != nil {
		pipes.abandon()
		r.neverStarted(launch.DescribeFailure(p.spec.Argv[0], err))
		return nil
	}
	r.process = process
	r.supervisor.change(r, func(state *agentv1.Service) {
		state.Pid = uint32(process.PID)
		state.StartedNs = process.Started.UnixNano()
		state.State = stateGettingReady
		if p.probe == nil {
			state.State = stateReady
			state.ReadyNs = state.StartedNs
		}
	})
	copied := pipes.copyTo(log, r.supervisor.secrets.Redaction())
	go r.live(pipes, copied)
	if p.probe != nil {
		go r.getReady(p)
	}
	return nil
}

func (r *run) neverStarted(failure launch.Failure) {
	reason := r.supervisor.secrets.Redaction().Bytes([]byte(failure.Reason))
	r.log.write(stderrStream, reason)
	r.log.close()
	now := time.Now().UnixNano()
	r.supervisor.change(r, func(state *agentv1.Service) {
		state.State = stateNotStarted
		state.ExitCode = &failure.Code
		state.Failure = string(reason)
		state.StartedNs, state.EndedNs = now, now
	})
	close(r.gone)
}

// live waits for the end. A process that ends with 0 may have forked away, and
// then the service is what it leaves; after any other end the rest goes with it.
func (r *run) live(pipes *pipes, copied *sync.WaitGroup) {
	exit := <-r.process.Done()
	code := exit.Code()
	r.supervisor.change(r, func(state *agentv1.Service) { state.Pid = 0 })
	forkedAway := false
	if empty, err := r.processEmpty(); err == nil && !empty {
		forkedAway = code == 0
		if !forkedAway {
			go r.endTree(ownGrace)
		}
	}
	// Fails only when the guest's cgroups are out of order: then the process's own end is all that is known.
	_ = r.process.AwaitEmpty(context.Background())
	r.process.Release()
	pipes.finish()
	copied.Wait()
	r.log.close()
	r.supervisor.change(r, func(state *agentv1.Service) {
		if !forkedAway {
			state.ExitCode = &code
		}
		state.EndedNs = time.Now().UnixNano()
		switch {
		case r.ending != "":
			state.State = r.ending
		case state.State == stateReady:
			state.State = stateExited
		default:
			state.State = stateExitedEarly
		}
	})
	close(r.gone)
}

func (r *run) processEmpty() (bool, error) {
	now, cancel := context.WithCancel(context.Background())
	cancel()
	err := r.process.AwaitEmpty(now)
	if errors.Is(err, context.Canceled) {
		return false, nil
	}
	return err == nil, err
}

// end begins to end the service and does not wait. The first reason counts.
func (r *run) end(reason string, grace time.Duration) {
	r.endOnce.Do(func() {
		r.supervisor.mu.Lock()
		ended := r.state.EndedNs != 0
		if !ended {
			r.ending = reason
		}
		r.supervisor.mu.Unlock()
		if !ended && r.process != nil {
			go r.endTree(grace)
		}
	})
}

// endTree returns when nothing of the tree is left, or cannot be killed.
func (r *run) endTree(grace time.Duration) {
	_ = r.process.SignalTree(syscall.SIGTERM)
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-r.gone:
	case <-timer.C:
		r.process.Kill()
	}
}

// getReady looks until the service is ready, has ended, or its time is over.
func (r *run) getReady(p plan) {
	ctx, cancel := context.WithTimeout(context.Background(), p.timeout)
	defer cancel()
	go func() {
		select {
		case <-r.gone:
			cancel()
		case <-ctx.Done():
		}
	}()
	pause := p.interval
	if p.eager {
		pause = min(pause, firstPause)
	}
	for ; ; pause = min(2*pause, p.interval) {
		err := p.probe.look(ctx, r.supervisor.launcher)
		if err == nil && ctx.Err() == nil {
			r.ready()
			return
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				r.explain(err)
				r.end(stateNotReady, ownGrace)
			}
			return
		}
	}
}

// explain keeps why the last look was none.
func (r *run) explain(err error) {
	var reason cannotLook
	if !errors.As(err, &reason) {
		return
	}
	text := r.supervisor.secrets.Redaction().Bytes([]byte(reason.Error()))
	r.supervisor.change(r, func(state *agentv1.Service) { state.Failure = string(text) })
}

// firstPause is about what a quick server needs from one step to the next.
const firstPause = 20 * time.Millisecond

func (r *run) ready() {
	r.supervisor.change(r, func(state *agentv1.Service) {
		if state.State == stateGettingReady && r.ending == "" {
			state.State = stateReady
			state.ReadyNs = time.Now().UnixNano()
		}
	})
}

// isKnown, hasEnded and copyState are to be called under supervisor.mu.

// isKnown: its start is over.
func (r *run) isKnown() bool {
	return r.state.State != ""
}

func (r *run) hasEnded() bool { return r.state.EndedNs != 0 }

func (r *run) copyState() *agentv1.Service { return proto.CloneOf(r.state) }

func (r *run) status() *agentv1.Service {
	r.supervisor.mu.Lock()
	defer r.supervisor.mu.Unlock()
	return r.copyState()
}
