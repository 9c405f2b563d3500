// Large inputs and outputs, and hosts or commands that do not take them.

package agent_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

func TestLargeInputArrivesWhole(t *testing.T) {
	input := pattern(50 << 20)
	r := runWithInput(t, shared(t), command("sha256sum"), input).expect(t, 0)
	if want := fmt.Sprintf("%x", sha256.Sum256(input)); !strings.HasPrefix(string(r.stdout), want) {
		t.Errorf("%q", r.stdout)
	}
}

func TestInputThatNobodyReadsDoesNotFailTheCall(t *testing.T) {
	input := pattern(50 << 20)
	runWithInput(t, shared(t), command("true"), input).expect(t, 0)
	r := runWithInput(t, shared(t), script("cat | head -c 5"), input).expect(t, 0)
	if !bytes.Equal(r.stdout, input[:5]) {
		t.Errorf("%q", r.stdout)
	}
	r = runWithInput(t, shared(t), script("exec <&-; sleep 0.5; echo late"), input).expect(t, 0)
	if string(r.stdout) != "late\n" {
		t.Errorf("%q", r.stdout)
	}
	runWithInput(t, shared(t), script("sleep 0.3"), input).expect(t, 0)
}

func TestHalfClosedCallEndsInput(t *testing.T) {
	start := command("cat")
	start.Stdin = true
	stream := open(t, t.Context(), shared(t), start)
	_ = sendChunk(stream, []byte("last"))
	_ = stream.CloseRequest()
	if r := collect(stream).expect(t, 0); string(r.stdout) != "last" {
		t.Errorf("%q", r.stdout)
	}
}

func TestSlowHostHoldsBackTheCommandNotTheMemory(t *testing.T) {
	s := shared(t)
	const size = 200_000_000
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	stream := open(t, ctx, s, script(fmt.Sprintf("head -c %d /dev/zero", size)))
	received := 0
	for i := 0; ; i++ {
		response, err := stream.Receive()
		if err != nil {
			t.Fatal(err)
		}
		received += len(response.GetStdout())
		if i == 10 {
			time.Sleep(time.Second)
			if rss := agentKiB(t, s); rss > 100<<10 {
				t.Errorf("agent has %d KiB resident", rss)
			}
		}
		if exited := response.GetExited(); exited != nil {
			break
		}
	}
	if received != size {
		t.Errorf("%d bytes", received)
	}
}

// agentKiB is the resident memory of the agent.
func agentKiB(t *testing.T, s *session) (kib int) {
	t.Helper()
	hello, err := s.machines.Hello(t.Context(), wrap(&agentv1.HelloRequest{}))
	if err != nil {
		t.Fatal(err)
	}
	r := run(t, s, script(fmt.Sprintf("grep VmRSS /proc/%d/status", hello.Msg.GetPid()))).expect(t, 0)
	if _, err := fmt.Sscanf(string(r.stdout), "VmRSS: %d kB", &kib); err != nil {
		t.Fatal(err)
	}
	return kib
}

func TestAStuckCommandDoesNotHoldOthers(t *testing.T) {
	s := shared(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for range 5 {
		start := command("sleep", "1000")
		start.Stdin = true
		stream := open(t, ctx, s, start)
		go sendInput(stream, pattern(4<<20))
		loud := open(t, ctx, s, command("yes"))
		defer loud.CloseResponse()
	}
	time.Sleep(200 * time.Millisecond)
	runWithInput(t, s, command("cat"), pattern(1<<20)).expect(t, 0)
}
