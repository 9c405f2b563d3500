// The life of an agent: who it is, lost connections, the end.

package agent_test

import (
	"bytes"
	"testing"
	"time"

	"connectrpc.com/connect"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

func TestOnlyAConfiguredMachineRunsCommands(t *testing.T) {
	h := startHost(t)
	t.Cleanup(h.stop)
	s := h.accept(t)

	hello, err := s.machines.Hello(t.Context(), wrap(&agentv1.HelloRequest{}))
	if err != nil {
		t.Fatal(err)
	}
	if m := hello.Msg; len(m.GetToken()) != 0 || m.GetProtocolVersion() != 1 || len(m.GetBootId()) != 36 || m.GetPid() == 0 {
		t.Errorf("%v", m)
	}
	if r := run(t, s, command("true")); r.err != nil {
		t.Errorf("exec: %v", r.err)
	}
	if _, err := s.machines.Ping(t.Context(), wrap(&agentv1.PingRequest{})); connect.CodeOf(err) != connect.CodeFailedPrecondition {
		t.Errorf("ping: %v", err)
	}
	for name, err := range callFiles(t, s) {
		if connect.CodeOf(err) != connect.CodeFailedPrecondition {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.machines.Configure(t.Context(), wrap(&agentv1.ConfigureRequest{})); connect.CodeOf(err) != connect.CodeInvalidArgument {
		t.Errorf("empty configure: %v", err)
	}

	request := configureRequest()
	if _, err := s.machines.Configure(t.Context(), wrap(request)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.machines.Configure(t.Context(), wrap(request)); connect.CodeOf(err) != connect.CodeFailedPrecondition {
		t.Errorf("second configure: %v", err)
	}
	run(t, s, command("true")).expect(t, 0)
	ping, err := s.machines.Ping(t.Context(), wrap(&agentv1.PingRequest{}))
	if err != nil {
		t.Fatal(err)
	}
	if off := time.Since(time.Unix(0, ping.Msg.GetUnixNanos())).Abs(); off > time.Minute {
		t.Errorf("clock off by %v", off)
	}
}

func TestAConfiguredMachineServesFiles(t *testing.T) {
	for name, err := range callFiles(t, shared(t)) {
		// Nothing is there to be read, and an empty stream changes nothing.
		want := map[string]connect.Code{"read": connect.CodeNotFound, "apply": connect.CodeInvalidArgument}[name]
		if err == nil && want != 0 || err != nil && connect.CodeOf(err) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// callFiles makes one call of each kind.
func callFiles(t *testing.T, s *session) map[string]error {
	t.Helper()
	errs := map[string]error{}
	_, errs["stat"] = s.files.Stat(t.Context(), wrap(&agentv1.StatRequest{Root: "/"}))
	_, errs["read"] = s.files.Read(t.Context(), wrap(&agentv1.ReadRequest{Root: "/", Path: []byte("none")}))
	walk, err := s.files.Walk(t.Context(), wrap(&agentv1.WalkRequest{Root: "/"}))
	if err != nil {
		t.Fatal(err)
	}
	defer walk.Close()
	for walk.Receive() {
	}
	errs["walk"] = walk.Err()
	fetch, err := s.files.Fetch(t.Context(), wrap(&agentv1.FetchRequest{Root: "/"}))
	if err != nil {
		t.Fatal(err)
	}
	defer fetch.Close()
	for fetch.Receive() {
	}
	errs["fetch"] = fetch.Err()
	_, errs["apply"] = s.files.Apply(t.Context()).CloseAndReceive()
	return errs
}

func TestLostConnectionEndsCommandsAndKeepsTheMachine(t *testing.T) {
	h, s := fresh(t)
	sleeper := sleeper()
	start := script(scatter(sleeper))
	waitOutput(t, open(t, t.Context(), s, start), "ready\n")
	background := script("echo kept >kept; sleep 0.1 & exit 0")
	run(t, s, background).expect(t, 0)
	s.conn.Close()

	s = h.accept(t)
	hello, err := s.machines.Hello(t.Context(), wrap(&agentv1.HelloRequest{}))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(hello.Msg.GetToken(), h.token) {
		t.Error("another token")
	}
	if n := alive(t, s, sleeper); n != 0 {
		t.Errorf("%d processes survive", n)
	}
	again := script("cat kept")
	again.ProcessId = start.GetProcessId()
	run(t, s, again).expect(t, 0)
}

func TestShutdownEndsEverything(t *testing.T) {
	h, s := fresh(t)
	polite := script("trap 'echo bye; exit 5' TERM; echo ready; while :; do sleep 0.02; done")
	stubborn := script("trap '' TERM; echo ready; while :; do sleep 0.02; done")
	streams := []*execStream{open(t, t.Context(), s, polite), open(t, t.Context(), s, stubborn)}
	for _, stream := range streams {
		waitOutput(t, stream, "ready\n")
	}
	before := time.Now()
	if _, err := s.machines.Shutdown(t.Context(), wrap(&agentv1.ShutdownRequest{GraceMs: 500})); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(before); took < 500*time.Millisecond || took > 5*time.Second {
		t.Errorf("took %v", took)
	}
	if r := collect(streams[0]).expect(t, 5); string(r.stdout) != "bye\n" {
		t.Errorf("%q", r.stdout)
	}
	collect(streams[1]).expect(t, 137)
	if launcher() == "" {
		ended := make(chan error, 1)
		go func() { ended <- h.agent.Wait() }()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("agent: %v", err)
			}
		case <-time.After(5 * time.Second):
			t.Error("the agent lives on")
		}
	}
}

func TestManyCommandsLeaveNothingBehind(t *testing.T) {
	s := shared(t)
	count := func() string {
		return string(run(t, s, script("cat /proc/[0-9]*/stat 2>/dev/null | grep -c ') Z'; ls -d /sys/fs/cgroup/pyro/[0-9]* 2>/dev/null | wc -l")).stdout)
	}
	for range 50 {
		run(t, s, script("(sleep 0.01 &) ; sleep 0.02 & exit 0"))
	}
	want := "0\n0\n"
	if launcher() != "" {
		want = "0\n1\n" // the cgroup of the count itself
	}
	eventually(t, "no zombie, no cgroup", func() bool { return count() == want })
}
