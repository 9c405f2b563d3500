// ReadServiceLog: what a service has written, and what it writes.

package supervisor

import (
	"context"
	"fmt"
	"path/filepath"

	"connectrpc.com/connect"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

type logSender = connect.ServerStream[agentv1.ReadServiceLogResponse]

// ReadServiceLog also reads what a service of a former start of the guest left.
func (s *Supervisor) ReadServiceLog(ctx context.Context, request *connect.Request[agentv1.ReadServiceLogRequest], stream *logSender) error {
	name := request.Msg.GetName()
	if !namePattern.MatchString(name) {
		return connect.NewError(connect.CodeInvalidArgument, fmt.Errorf("%.80q is no name of a service", name))
	}
	reading := logReading{to: stream, buffer: make([]byte, chunkBytes)}
	look := s.looker(name)
	for i := range streamCount {
		if err := reading.first(look, i, request.Msg.GetTailLines()); err != nil {
			return connect.NewError(connect.CodeInternal, err)
		}
	}
	if request.Msg.GetFollow() {
		if err := reading.follow(ctx, look); err != nil {
			return err
		}
	}
	return stream.Send(&agentv1.ReadServiceLogResponse{Message: &agentv1.ReadServiceLogResponse_End{End: &agentv1.ServiceLogEnd{
		StdoutTruncated: reading.truncated[stdoutStream],
		StderrTruncated: reading.truncated[stderrStream],
	}}})
}

// look opens a stream as it is now.
type look func(stream int) (view *logView, grown <-chan struct{}, closed bool, err error)

func (s *Supervisor) looker(name string) look {
	if r := s.find(name); r != nil {
		return r.log.view
	}
	return func(stream int) (*logView, <-chan struct{}, bool, error) {
		view, err := openView(filepath.Join(s.logs, name), stream)
		return view, nil, true, err
	}
}

// logReading is how far a host has read.
type logReading struct {
	to     *logSender
	buffer []byte
	// next counts from the first byte that the stream ever had.
	next      [streamCount]int64
	truncated [streamCount]bool
}

func (r *logReading) first(look look, stream int, lines uint32) error {
	view, _, _, err := look(stream)
	if err != nil {
		return err
	}
	defer view.close()
	start, err := view.tail(lines)
	if err != nil {
		return err
	}
	r.next[stream] = view.total - view.size() + start
	r.truncated[stream] = r.next[stream] > 0
	return r.send(stream, view)
}

// send sends all of view from where the host is. What has been rotated away
// meanwhile is missing.
func (r *logReading) send(stream int, view *logView) error {
	gone := view.total - view.size()
	if r.next[stream] < gone {
		r.next[stream], r.truncated[stream] = gone, true
	}
	for {
		n, err := view.readAt(r.buffer, r.next[stream]-gone)
		if n == 0 || err != nil {
			return err
		}
		if err := r.to.Send(piece(stream, r.buffer[:n])); err != nil {
			return err
		}
		r.next[stream] += int64(n)
	}
}

// follow returns when the service has ended and everything is sent.
func (r *logReading) follow(ctx context.Context, look look) error {
	for {
		var grown <-chan struct{}
		closed := false
		for stream := range streamCount {
			view, next, isClosed, err := look(stream)
			if err != nil {
				return connect.NewError(connect.CodeInternal, err)
			}
			err = r.send(stream, view)
			view.close()
			if err != nil {
				return err
			}
			if grown == nil {
				// Of the first look: what is written after it is seen in the next round.
				grown, closed = next, isClosed
			}
		}
		if closed || grown == nil {
			return nil
		}
		select {
		case <-grown:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func piece(stream int, chunk []byte) *agentv1.ReadServiceLogResponse {
	if stream == stdoutStream {
		return &agentv1.ReadServiceLogResponse{Message: &agentv1.ReadServiceLogResponse_Stdout{Stdout: chunk}}
	}
	return &agentv1.ReadServiceLogResponse{Message: &agentv1.ReadServiceLogResponse_Stderr{Stderr: chunk}}
}
