// One shell: its processes, its terminal and what it has printed.

package shells

import (
	"sync"
	"syscall"
	"time"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
	"pyro-mcp/agent/internal/launch"
	"pyro-mcp/agent/internal/redact"
	"pyro-mcp/agent/internal/session"
)

const (
	// closeGrace is the time between HUP and KILL.
	closeGrace = time.Second
	// drainPatience bounds the wait for the last output of a shell that has ended.
	drainPatience = time.Second
)

type shell struct {
	id        string
	cwd       string
	openedAt  time.Time
	process   *launch.Process
	terminal  *terminal
	printed   *transcript
	redaction *redact.Stream
	// ended is closed when the shell has ended and all that it printed is there.
	ended chan struct{}

	mu         sync.Mutex
	cols, rows uint32
	endedAt    time.Time
	exitCode   uint32
	answered   uint64
	closing    sync.Once
}

// serve follows the shell to its end; its output, to the end of its terminal.
func (s *shell) serve() {
	drained := make(chan struct{})
	var once sync.Once
	tellDrained := func() { once.Do(func() { close(drained) }) }
	go func() {
		defer tellDrained()
		s.copyOutput(tellDrained)
	}()
	exit := <-s.process.Done()
	s.terminal.interrupt()
	select {
	case <-drained:
	case <-time.After(drainPatience):
	}
	s.mu.Lock()
	s.endedAt, s.exitCode = exit.At, exit.Code()
	s.mu.Unlock()
	close(s.ended)
}

func (s *shell) copyOutput(interrupted func()) {
	var text decoder
	buffer := make([]byte, 0, readBytes)
	show := func(piece []byte) {
		buffer = text.decode(buffer[:0], piece)
		s.printed.append(buffer)
	}
	s.terminal.copyTo(copying{
		output:      func(piece []byte) { show(s.redaction.Write(piece)) },
		quiet:       func() { show(s.redaction.Quiet()) },
		interrupted: interrupted,
	})
	show(s.redaction.End())
	s.printed.append(text.finish(buffer[:0]))
}

func (s *shell) running() bool {
	select {
	case <-s.ended:
		return false
	default:
		return true
	}
}

// signal reaches the group in the foreground: the session's leader passes it on.
func (s *shell) signal(sig syscall.Signal) bool {
	if sig == syscall.SIGKILL {
		sig = session.KillRequest
	}
	return s.process.SignalGroup(sig)
}

func (s *shell) resize(cols, rows uint32) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.terminal.resize(cols, rows); err != nil {
		return err
	}
	s.cols, s.rows = cols, rows
	return nil
}

func (s *shell) answeredUpTo(cursor uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answered = max(s.answered, cursor)
}

// close ends everything that the shell has started and lets go of it.
func (s *shell) close() {
	s.closing.Do(func() {
		if s.running() {
			_ = s.process.SignalTree(syscall.SIGHUP)
			// One that is stopped would not see the signal.
			_ = s.process.SignalTree(syscall.SIGCONT)
			select {
			case <-s.ended:
			case <-time.After(closeGrace):
			}
		}
		s.process.Kill()
		<-s.ended
		s.terminal.close()
		s.process.Release()
	})
}

func (s *shell) describe() *agentv1.Shell {
	total, _, _ := s.printed.state()
	s.mu.Lock()
	defer s.mu.Unlock()
	described := &agentv1.Shell{
		ShellId:        s.id,
		Cwd:            s.cwd,
		Cols:           s.cols,
		Rows:           s.rows,
		StartedAtNs:    s.openedAt.UnixNano(),
		ExitCode:       s.exitCode,
		TotalChars:     total,
		AnsweredCursor: s.answered,
	}
	if !s.endedAt.IsZero() {
		described.EndedAtNs = s.endedAt.UnixNano()
	}
	return described
}
