// What a command gets and gives: exit status, streams, arguments, environment.

package agent_test

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

func TestExitStatusIsExact(t *testing.T) {
	for _, code := range []uint32{0, 1, 3, 124, 255} {
		r := run(t, shared(t), script(fmt.Sprintf("exit %d", code))).expect(t, code)
		if r.exited.GetSignal() != 0 || r.exited.GetTimedOut() {
			t.Errorf("exit %d: %v", code, r.exited)
		}
	}
	for _, signal := range []uint32{1, 2, 9, 13, 15} {
		r := run(t, shared(t), script(fmt.Sprintf("kill -%d $$", signal))).expect(t, 128+signal)
		if r.exited.GetSignal() != signal {
			t.Errorf("signal %d: %v", signal, r.exited)
		}
	}
}

func TestDurationIsThatOfTheCommand(t *testing.T) {
	r := run(t, shared(t), command("sleep", "0.2")).expect(t, 0)
	if us := r.exited.GetDurationUs(); us < 200_000 || us > 5_000_000 {
		t.Errorf("duration %d µs", us)
	}
}

func TestStreamsAreApartAndBinary(t *testing.T) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	r := runWithInput(t, shared(t), script("tee /dev/stderr"), all).expect(t, 0)
	if !bytes.Equal(r.stdout, all) || !bytes.Equal(r.stderr, all) {
		t.Errorf("stdout %d bytes, stderr %d bytes", len(r.stdout), len(r.stderr))
	}
}

func TestArgumentsArriveAsTheyAre(t *testing.T) {
	arguments := []string{"", " ", "a b", "$HOME", "*", "\n", "ü€😀", "\xff\x01", strings.Repeat("x", 100_000)}
	r := run(t, shared(t), command(append([]string{"printf", `%s\0`}, arguments[:7]...)...)).expect(t, 0)
	if want := strings.Join(arguments[:7], "\x00") + "\x00"; string(r.stdout) != want {
		t.Errorf("%q", r.stdout)
	}
	r = run(t, shared(t), command("printf", "%s", arguments[8])).expect(t, 0)
	if string(r.stdout) != arguments[8] {
		t.Errorf("long argument: %d bytes", len(r.stdout))
	}
}

func TestEnvironmentIsTheDefaultAndWhatIsAsked(t *testing.T) {
	start := command("env")
	start.Env = map[string]string{"LANG": "C", "PYRO_TEST": "a=b c"}
	got := map[string]string{}
	for line := range strings.Lines(string(run(t, shared(t), start).expect(t, 0).stdout)) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		got[name] = value
	}
	if got["LANG"] != "C" || got["PYRO_TEST"] != "a=b c" {
		t.Errorf("%v", got)
	}
	known := "PATH HOME USER LOGNAME SHELL LANG PYRO_TEST PYRO_EXEC_ID"
	for name := range got {
		if !strings.Contains(" "+known+" ", " "+name+" ") {
			t.Errorf("%s is the agent's own", name)
		}
	}
}

func TestCommandLeadsASessionAndInheritsNoDescriptor(t *testing.T) {
	r := run(t, shared(t), script("cut -d' ' -f5,6 /proc/$$/stat")).expect(t, 0)
	if want := fmt.Sprintf("%d %d\n", r.pid, r.pid); string(r.stdout) != want {
		t.Errorf("group and session %q instead of %q", r.stdout, want)
	}
	r = run(t, shared(t), command("ls", "/proc/self/fd")).expect(t, 0)
	if string(r.stdout) != "0\n1\n2\n3\n" { // 3 is the directory that ls reads
		t.Errorf("descriptors %q", r.stdout)
	}
}

func TestSignalsHaveTheirDefaultAction(t *testing.T) {
	r := run(t, shared(t), script("yes | head -1")).expect(t, 0)
	if string(r.stdout) != "y\n" {
		t.Errorf("%q", r.stdout)
	}
	// SigBlk and SigIgn of a shell that has set nothing. Signals 32 and up are the
	// C library's own: one that was ignored when the tests were started stays so.
	const standard = 1<<31 - 1
	r = run(t, shared(t), script("grep -E 'Sig(Blk|Ign)' /proc/self/status || true")).expect(t, 0)
	for line := range strings.Lines(string(r.stdout)) {
		set, err := strconv.ParseUint(strings.Fields(line)[1], 16, 64)
		if err != nil || set&standard != 0 {
			t.Errorf("%s", line)
		}
	}
}

func TestUmaskIs022(t *testing.T) {
	if r := run(t, shared(t), script("umask")).expect(t, 0); string(r.stdout) != "0022\n" {
		t.Errorf("%q", r.stdout)
	}
}

func TestStdinIsEmptyUnlessAsked(t *testing.T) {
	if r := run(t, shared(t), command("cat")).expect(t, 0); len(r.stdout) != 0 {
		t.Errorf("%q", r.stdout)
	}
}

func TestAHundredCommandsAtOnce(t *testing.T) {
	s := shared(t)
	results := make(chan result)
	for i := range 100 {
		go func() { results <- run(t, s, script(fmt.Sprintf("echo %d; exit %d", i, i))) }()
	}
	seen := map[uint32]bool{}
	for range 100 {
		r := <-results
		if r.err != nil || string(r.stdout) != fmt.Sprintf("%d\n", r.exited.GetExitCode()) {
			t.Errorf("%v %q", r.err, r.stdout)
			continue
		}
		seen[r.exited.GetExitCode()] = true
	}
	if len(seen) != 100 {
		t.Errorf("%d results", len(seen))
	}
}

func TestMessagesComeInOrder(t *testing.T) {
	stream := open(t, t.Context(), shared(t), script("echo out"))
	var order []string
	for response, err := stream.Receive(); err == nil; response, err = stream.Receive() {
		switch response.GetMessage().(type) {
		case *agentv1.ExecResponse_Started:
			order = append(order, "started")
		case *agentv1.ExecResponse_Stdout:
			order = append(order, "stdout")
		case *agentv1.ExecResponse_Exited:
			order = append(order, "exited")
		}
	}
	if got := strings.Join(order, " "); got != "started stdout exited" {
		t.Error(got)
	}
}
