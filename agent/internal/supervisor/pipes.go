// The output of a service on its way to its log.

package supervisor

import (
	"errors"
	"os"
	"sync"
	"time"

	"pyro-mcp/agent/internal/launch"
	"pyro-mcp/agent/internal/redact"
)

const (
	// chunkBytes is what a pipe holds by default, pipe(7).
	chunkBytes = 64 << 10
	// lastOutput bounds the reading of a pipe that a process outside the service
	// holds open after the service's end.
	lastOutput = 500 * time.Millisecond
)

// pipes are the standard streams of a service, which reads from /dev/null.
type pipes struct {
	child [3]int
	// agent are the ends to read of stdout and stderr.
	agent [streamCount]*os.File
}

func openPipes() (*pipes, error) {
	p := &pipes{child: [3]int{-1, -1, -1}}
	var errs [3]error
	p.child[0], errs[0] = launch.OpenNull()
	p.child[1], p.agent[stdoutStream], errs[1] = launch.PipeOut()
	p.child[2], p.agent[stderrStream], errs[2] = launch.PipeOut()
	if err := errors.Join(errs[:]...); err != nil {
		launch.CloseAll(p.child)
		p.abandon()
		return nil, err
	}
	return p, nil
}

// abandon closes the agent's ends of a service that does not run.
func (p *pipes) abandon() {
	for _, file := range p.agent {
		// Closing nil is an error of no consequence.
		_ = file.Close()
	}
}

// copyTo writes what comes into log, redacted, until both pipes have ended. The
// service waits while the disk is slower than it.
func (p *pipes) copyTo(log *serviceLog, redaction *redact.Set) *sync.WaitGroup {
	var copied sync.WaitGroup
	for stream, file := range p.agent {
		copied.Go(func() {
			defer file.Close()
			buffer := make([]byte, chunkBytes)
			redacted := redaction.Stream()
			for {
				n, err := file.Read(buffer)
				log.write(stream, redacted.Write(buffer[:n]))
				if err != nil {
					log.write(stream, redacted.End())
					return
				}
			}
		})
	}
	return &copied
}

// finish bounds what is still read, when nothing of the service is left.
func (p *pipes) finish() {
	for _, file := range p.agent {
		_ = file.SetReadDeadline(time.Now().Add(lastOutput))
	}
}
