// Entries on their way to the host.

package files

import (
	"connectrpc.com/connect"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

const (
	// A message holds many entries, since each costs a frame and a write; but not
	// so many that the host waits for the first ones.
	batchEntries = 512
	batchBytes   = 256 << 10
	// entryBytes is about what an entry takes besides its names.
	entryBytes = 40
)

type entrySender struct {
	stream *connect.ServerStream[agentv1.WalkResponse]
	// limit is the most entries that are wanted, 0 for all of them.
	limit   uint32
	count   uint32
	pending []*agentv1.Entry
	bytes   int
}

func (s *entrySender) add(entry *agentv1.Entry) error {
	if s.limit > 0 && s.count == s.limit {
		return errEnough
	}
	s.count++
	s.pending = append(s.pending, entry)
	s.bytes += entryBytes + len(entry.GetPath()) + len(entry.GetLinkTarget())
	if len(s.pending) < batchEntries && s.bytes < batchBytes {
		return nil
	}
	return s.flush(&agentv1.WalkResponse{})
}

// flush sends what is pending in message.
func (s *entrySender) flush(message *agentv1.WalkResponse) error {
	message.Entries = s.pending
	s.pending, s.bytes = nil, 0
	return s.stream.Send(message)
}
