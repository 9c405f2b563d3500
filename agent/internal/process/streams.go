// The pipes between the agent and a command.

package process

import (
	"errors"
	"os"

	"pyro-mcp/agent/internal/launch"
)

// streams are both ends of a command's standard streams.
type streams struct {
	// child are descriptors 0, 1 and 2 of the command.
	child [3]int
	// stdin is nil when the command reads from /dev/null.
	stdin          *os.File
	stdout, stderr *os.File
}

func openStreams(withStdin bool) (*streams, error) {
	s := &streams{child: [3]int{-1, -1, -1}}
	var errs [3]error
	if withStdin {
		s.child[0], s.stdin, errs[0] = launch.PipeIn()
	} else {
		s.child[0], errs[0] = launch.OpenNull()
	}
	s.child[1], s.stdout, errs[1] = launch.PipeOut()
	s.child[2], s.stderr, errs[2] = launch.PipeOut()
	if err := errors.Join(errs[:]...); err != nil {
		s.closeChild()
		s.closeAgent()
		return nil, err
	}
	return s, nil
}

// closeChild closes the command's ends, once it has its copies.
func (s *streams) closeChild() { launch.CloseAll(s.child) }

// closeAgent closes the agent's ends.
func (s *streams) closeAgent() {
	for _, file := range []*os.File{s.stdin, s.stdout, s.stderr} {
		// Closing nil is an error of no consequence.
		_ = file.Close()
	}
}
