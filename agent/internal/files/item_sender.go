// Entries and contents on their way to the host.

package files

import (
	"time"

	"connectrpc.com/connect"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

const (
	// pieceBytes is the longest piece of content.
	pieceBytes = 128 << 10
	// itemBytes is about what an item takes besides content and names.
	itemBytes = 48
	// signOfLife is how long the host is left without a message.
	signOfLife = 5 * time.Second
)

// itemSender gathers items into messages. Content is read straight into its
// buffer, which is one message long: more is never kept.
type itemSender struct {
	stream  *connect.ServerStream[agentv1.FetchResponse]
	pending []*agentv1.FetchItem
	buffer  []byte
	// used is how much of the buffer is taken by pending content.
	used int
	// size is that of the message so far.
	size int
	last time.Time
}

func newItemSender(stream *connect.ServerStream[agentv1.FetchResponse]) *itemSender {
	return &itemSender{stream: stream, buffer: make([]byte, batchBytes), last: time.Now()}
}

// space returns room for the next piece of content, of up to length bytes. It is
// good until something is sent.
func (s *itemSender) space(length int64) ([]byte, error) {
	wanted := int(min(length, pieceBytes))
	if s.used+wanted > len(s.buffer) {
		if err := s.flush(); err != nil {
			return nil, err
		}
	}
	return s.buffer[s.used : s.used+wanted], nil
}

// data sends content, which lies in the space that was given out last.
func (s *itemSender) data(offset int64, content []byte) error {
	s.used += len(content)
	data := &agentv1.FileData{Offset: uint64(offset), Bytes: content}
	return s.add(&agentv1.FetchItem{Item: &agentv1.FetchItem_Data{Data: data}}, len(content))
}

func (s *itemSender) entry(entry *agentv1.Entry) error {
	names := len(entry.GetPath()) + len(entry.GetLinkTarget())
	return s.add(&agentv1.FetchItem{Item: &agentv1.FetchItem_Entry{Entry: entry}}, names)
}

func (s *itemSender) end(end *agentv1.FileEnd) error {
	size := len(end.GetSha256()) + len(end.GetProblem())
	return s.add(&agentv1.FetchItem{Item: &agentv1.FetchItem_End{End: end}}, size)
}

// alive lets the host know that work goes on where nothing has to be sent.
func (s *itemSender) alive(offset int64) error {
	if time.Since(s.last) < signOfLife {
		return nil
	}
	if err := s.data(offset, nil); err != nil {
		return err
	}
	return s.flush()
}

func (s *itemSender) add(item *agentv1.FetchItem, size int) error {
	s.pending = append(s.pending, item)
	s.size += itemBytes + size
	if s.size < batchBytes {
		return nil
	}
	return s.flush()
}

func (s *itemSender) flush() error {
	if len(s.pending) == 0 {
		return nil
	}
	err := s.stream.Send(&agentv1.FetchResponse{Items: s.pending})
	clear(s.pending)
	s.pending, s.used, s.size, s.last = s.pending[:0], 0, 0, time.Now()
	return err
}
