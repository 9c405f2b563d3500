// Ending commands: time limits, cancelled calls, signals, whole trees.

package agent_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

// sleeper is a sleep that alive can find.
func sleeper() string { return fmt.Sprintf("sleep 1000.%d", rand.Uint32()) }

// alive counts the processes of the machine with sleeper's arguments.
func alive(t *testing.T, s *session, sleeper string) int {
	t.Helper()
	number := strings.TrimPrefix(sleeper, "sleep 1000.")
	r := run(t, s, script(`for p in /proc/[0-9]*; do tr '\0' ' ' <$p/cmdline | grep '^sleep 1000[.]`+number+`' ; done 2>/dev/null | wc -l`)).expect(t, 0)
	count := 0
	_, _ = fmt.Sscan(string(r.stdout), &count)
	return count
}

func endSleeper(t *testing.T, s *session, sleeper string) {
	t.Helper()
	run(t, s, script("kill $(grep -l '"+strings.Fields(sleeper)[1]+"' /proc/[0-9]*/cmdline | cut -d/ -f3 | grep -v $$) || true"))
}

// scatter starts sleeper in ways that leave the process group, the session and
// the parent, and in a guest the environment too; then it waits.
func scatter(sleeper string) string {
	forget := ""
	if launcher() != "" {
		forget = "env -i PATH=$PATH"
	}
	return fmt.Sprintf("%[1]s & setsid %[1]s & (setsid sh -c '%[2]s %[1]s & ' &) ; sleep 0.3; echo ready; %[1]s", sleeper, forget)
}

// waitScattered returns when all four processes of scatter run.
func waitScattered(t *testing.T, s *session, stream *execStream, sleeper string) {
	t.Helper()
	waitOutput(t, stream, "ready\n")
	eventually(t, "four processes", func() bool { return alive(t, s, sleeper) == 4 })
}

func TestTimeLimitKillsTheWholeTree(t *testing.T) {
	s := shared(t)
	sleeper := sleeper()
	start := script(scatter(sleeper))
	start.TimeoutMs = 1000
	r := run(t, s, start).expect(t, 124)
	if !r.exited.GetTimedOut() || r.exited.GetSignal() != 9 || string(r.stdout) != "ready\n" {
		t.Errorf("%v %q", r.exited, r.stdout)
	}
	if n := alive(t, s, sleeper); n != 0 {
		t.Errorf("%d processes survive", n)
	}
}

func TestTimeLimitThatIsNotReachedDoesNothing(t *testing.T) {
	start := script("echo done")
	start.TimeoutMs = 20_000
	if r := run(t, shared(t), start).expect(t, 0); r.exited.GetTimedOut() {
		t.Error("timed out")
	}
}

func TestCancelKillsTheWholeTree(t *testing.T) {
	s := shared(t)
	sleeper := sleeper()
	ctx, cancel := context.WithCancel(t.Context())
	stream := open(t, ctx, s, script(scatter(sleeper)))
	waitScattered(t, s, stream, sleeper)
	cancel()
	// Go's client tells the server only when it is asked for more.
	_ = collect(stream)
	eventually(t, "all killed", func() bool { return alive(t, s, sleeper) == 0 })
}

func TestSignalReachesGroupOrTree(t *testing.T) {
	s := shared(t)
	sleeper := sleeper()
	start := script(scatter(sleeper))
	stream := open(t, t.Context(), s, start)
	waitScattered(t, s, stream, sleeper)

	signal := func(number uint32, tree bool) bool {
		t.Helper()
		response, err := s.processes.Signal(t.Context(), wrap(&agentv1.SignalRequest{ProcessId: start.GetProcessId(), Signal: number, Tree: tree}))
		if err != nil {
			t.Fatal(err)
		}
		return response.Msg.GetDelivered()
	}
	if !signal(18, false) {
		t.Error("CONT not delivered")
	}
	if !signal(15, true) {
		t.Error("TERM not delivered")
	}
	// By the signal, or by the shell that saw its child end by it.
	collect(stream).expect(t, 143)
	eventually(t, "tree gone", func() bool { return alive(t, s, sleeper) == 0 })
	if signal(15, false) {
		t.Error("delivered to a command that has ended")
	}
}

func TestSignalToTheGroupSparesOtherSessions(t *testing.T) {
	s := shared(t)
	sleeper := sleeper()
	start := script(scatter(sleeper))
	stream := open(t, t.Context(), s, start)
	waitScattered(t, s, stream, sleeper)
	if _, err := s.processes.Signal(t.Context(), wrap(&agentv1.SignalRequest{ProcessId: start.GetProcessId(), Signal: 9})); err != nil {
		t.Fatal(err)
	}
	collect(stream).expect(t, 137)
	if n := alive(t, s, sleeper); n != 2 {
		t.Errorf("%d processes instead of the 2 with sessions of their own", n)
	}
	endSleeper(t, s, sleeper)
}

func TestInvalidSignalsAreRefused(t *testing.T) {
	for _, number := range []uint32{0, 65, 1 << 31} {
		_, err := shared(t).processes.Signal(t.Context(), wrap(&agentv1.SignalRequest{ProcessId: "x", Signal: number}))
		if connect.CodeOf(err) != connect.CodeInvalidArgument {
			t.Errorf("%d: %v", number, err)
		}
	}
}

// waitOutput receives until stdout has brought want.
func waitOutput(t *testing.T, stream *execStream, want string) {
	t.Helper()
	got := ""
	for got != want {
		response, err := stream.Receive()
		if err != nil {
			t.Fatalf("%v after %q", err, got)
		}
		got += string(response.GetStdout())
	}
}

func TestBackgroundProcessesDoNotHoldACommand(t *testing.T) {
	s := shared(t)
	sleeper := sleeper()
	before := time.Now()
	r := run(t, s, script("echo out; echo err >&2; "+sleeper+" & exit 7")).expect(t, 7)
	if string(r.stdout) != "out\n" || string(r.stderr) != "err\n" {
		t.Errorf("%q %q", r.stdout, r.stderr)
	}
	if time.Since(before) > 10*time.Second {
		t.Error("held")
	}
	if alive(t, s, sleeper) != 1 {
		t.Error("the background process is gone")
	}
	endSleeper(t, s, sleeper)
}

func TestBackgroundProcessesMayGoOnWriting(t *testing.T) {
	s := shared(t)
	dir := scratch(t, s, "true")
	start := script("(head -c 2000000 /dev/zero; sleep 0.3; head -c 2000000 /dev/zero && echo ok >written) & exit 0")
	start.Cwd = dir
	run(t, s, start).expect(t, 0)
	eventually(t, "the background process finishes", func() bool {
		return run(t, s, script("cat ."+dir+"/written")).exited.GetExitCode() == 0
	})
}

func TestEndlessBackgroundOutputIsCut(t *testing.T) {
	s := shared(t)
	r := run(t, s, script("timeout 5 yes & sleep 0.2")).expect(t, 0)
	if len(r.stdout) == 0 {
		t.Error("no output at all")
	}
}
