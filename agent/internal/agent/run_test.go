// Running one command as the host would, for tests.

package agent_test

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"connectrpc.com/connect"
	"crypto/rand"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

func wrap[T any](message *T) *connect.Request[T] { return connect.NewRequest(message) }

type execStream = connect.BidiStreamForClient[agentv1.ExecRequest, agentv1.ExecResponse]

// result is all that came back from one Exec.
type result struct {
	pid            int
	stdout, stderr []byte
	exited         *agentv1.ExecExited
	err            error
}

// script is a command for /bin/sh.
func script(text string) *agentv1.ExecStart { return command("/bin/sh", "-c", text) }

func command(argv ...string) *agentv1.ExecStart {
	return &agentv1.ExecStart{ProcessId: rand.Text(), Argv: argv}
}

func open(tb testing.TB, ctx context.Context, s *session, start *agentv1.ExecStart) *execStream {
	tb.Helper()
	stream := s.processes.Exec(ctx)
	if err := stream.Send(&agentv1.ExecRequest{Message: &agentv1.ExecRequest_Start{Start: start}}); err != nil {
		tb.Fatal(err)
	}
	return stream
}

// run executes start to its end, without stdin.
func run(tb testing.TB, s *session, start *agentv1.ExecStart) result {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	stream := open(tb, ctx, s, start)
	_ = stream.CloseRequest()
	return collect(stream)
}

// runWithInput executes start and sends input as stdin meanwhile.
func runWithInput(tb testing.TB, s *session, start *agentv1.ExecStart, input []byte) result {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	start.Stdin = true
	stream := open(tb, ctx, s, start)
	go sendInput(stream, input)
	return collect(stream)
}

func sendInput(stream *execStream, input []byte) {
	for len(input) > 0 {
		n := min(len(input), 64<<10)
		if sendChunk(stream, input[:n]) != nil {
			return
		}
		input = input[n:]
	}
	_ = stream.Send(&agentv1.ExecRequest{Message: &agentv1.ExecRequest_StdinEnd{StdinEnd: &agentv1.StdinEnd{}}})
	_ = stream.CloseRequest()
}

func sendChunk(stream *execStream, chunk []byte) error {
	return stream.Send(&agentv1.ExecRequest{Message: &agentv1.ExecRequest_Stdin{Stdin: chunk}})
}

func collect(stream *execStream) (r result) {
	defer stream.CloseResponse()
	for {
		response, err := stream.Receive()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				r.err = err
			}
			return r
		}
		switch message := response.GetMessage().(type) {
		case *agentv1.ExecResponse_Started:
			r.pid = int(message.Started.GetPid())
		case *agentv1.ExecResponse_Stdout:
			r.stdout = append(r.stdout, message.Stdout...)
		case *agentv1.ExecResponse_Stderr:
			r.stderr = append(r.stderr, message.Stderr...)
		case *agentv1.ExecResponse_Exited:
			r.exited = message.Exited
		}
	}
}

// expect fails the test unless the command ended by itself with code.
func (r result) expect(tb testing.TB, code uint32) result {
	tb.Helper()
	if r.err != nil {
		tb.Fatalf("exec failed: %v", r.err)
	}
	if r.exited.GetExitCode() != code {
		tb.Fatalf("exit code %d instead of %d, stderr %q", r.exited.GetExitCode(), code, r.stderr)
	}
	return r
}
