// Figures of the protocol: go test -bench . ./internal/agent

package agent_test

import (
	"context"
	"testing"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

func BenchmarkPing(b *testing.B) {
	s := shared(b)
	for b.Loop() {
		if _, err := s.machines.Ping(context.Background(), wrap(&agentv1.PingRequest{})); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkExecTrue(b *testing.B) {
	s := shared(b)
	for b.Loop() {
		run(b, s, command("/bin/true")).expect(b, 0)
	}
}

func BenchmarkOutput(b *testing.B) {
	s := shared(b)
	const size = 64 << 20
	b.SetBytes(size)
	for b.Loop() {
		received := 0
		stream := open(b, context.Background(), s, command("dd", "if=/dev/zero", "bs=1M", "count=64", "status=none"))
		for response, err := stream.Receive(); err == nil; response, err = stream.Receive() {
			received += len(response.GetStdout())
		}
		if received != size {
			b.Fatalf("%d bytes instead of %d", received, size)
		}
	}
}

func BenchmarkInput(b *testing.B) {
	s := shared(b)
	input := pattern(64 << 20)
	b.SetBytes(int64(len(input)))
	for b.Loop() {
		runWithInput(b, s, script("exec cat >/dev/null"), input).expect(b, 0)
	}
}
