// Finding and failing to find what a command names.

package agent_test

import (
	"strings"
	"testing"

	"connectrpc.com/connect"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

// scratch makes a directory in the machine and returns its path there, as a cwd.
func scratch(t *testing.T, s *session, setup string) string {
	t.Helper()
	r := run(t, s, script("d=$(mktemp -d ./scratch.XXXXXX) && echo ${d#.} && cd $d && "+setup)).expect(t, 0)
	dir := strings.TrimSpace(string(r.stdout))
	t.Cleanup(func() { run(t, s, script("rm -rf ."+dir)) })
	return dir
}

func TestCommandsThatCannotRun(t *testing.T) {
	s := shared(t)
	dir := scratch(t, s, `mkdir folder && echo 'exit 0' >plain && printf '#!/no/such\n' >orphan && chmod +x orphan`)
	for _, test := range []struct {
		argv   string
		path   string
		code   uint32
		stderr string
	}{
		{"no-such-command", "", 127, "pyro: no-such-command: command not found\n"},
		{"./missing", "", 127, "pyro: ./missing: command not found\n"},
		{"/no/such/dir/x", "", 127, "pyro: /no/such/dir/x: command not found\n"},
		{"./plain", "", 126, "pyro: ./plain: permission denied\n"},
		{"plain", ".", 126, "pyro: plain: permission denied\n"},
		{"./folder", "", 126, "pyro: ./folder: is a directory\n"},
		{"folder", ".", 127, "pyro: folder: command not found\n"},
		{"./orphan", "", 127, "pyro: ./orphan: its interpreter is not found\n"},
	} {
		start := command(test.argv)
		start.Cwd = dir
		if test.path != "" {
			start.Env = map[string]string{"PATH": test.path}
		}
		r := run(t, s, start).expect(t, test.code)
		if string(r.stderr) != test.stderr || r.pid != 0 {
			t.Errorf("%s: %q, pid %d", test.argv, r.stderr, r.pid)
		}
	}
}

func TestProgramsAreFoundAsTheCommandWould(t *testing.T) {
	s := shared(t)
	dir := scratch(t, s, `mkdir bin && printf '#!/bin/sh\necho found $0 $1' >bin/mine && chmod +x bin/mine && cp bin/mine here &&
		printf 'echo bare $0 $1' >bin/bare && chmod +x bin/bare`)
	for _, test := range []struct{ argv, path, want string }{
		{"mine", "bin:/usr/bin:/bin", "found bin/mine arg\n"},
		{"./bin/mine", "/usr/bin:/bin", "found ./bin/mine arg\n"},
		{"here", ":/usr/bin:/bin", "found ./here arg\n"},
		{"bare", "/nowhere:bin", "bare bin/bare arg\n"},
	} {
		start := command(test.argv, "arg")
		start.Cwd = dir
		start.Env = map[string]string{"PATH": test.path}
		if r := run(t, s, start).expect(t, 0); string(r.stdout) != test.want {
			t.Errorf("%s: %q", test.argv, r.stdout)
		}
	}
}

func TestWorkingDirectory(t *testing.T) {
	s := shared(t)
	dir := scratch(t, s, "mkdir sub && touch file")
	top := strings.TrimSpace(string(run(t, s, command("pwd")).expect(t, 0).stdout))
	for cwd, want := range map[string]string{
		"":                          top,
		"/":                         top,
		dir:                         strings.TrimSuffix(top, "/") + dir,
		dir + "/sub/..":             strings.TrimSuffix(top, "/") + dir,
		"/../../.." + dir + "/sub/": strings.TrimSuffix(top, "/") + dir + "/sub",
	} {
		start := command("pwd")
		start.Cwd = cwd
		if got := strings.TrimSpace(string(run(t, s, start).expect(t, 0).stdout)); got != want {
			t.Errorf("cwd %q is %q instead of %q", cwd, got, want)
		}
	}
	for _, cwd := range []string{"/no/such", dir + "/file"} {
		start := command("pwd")
		start.Cwd = cwd
		r := run(t, s, start)
		if connect.CodeOf(r.err) != connect.CodeInvalidArgument || !strings.Contains(r.err.Error(), cwd) {
			t.Errorf("cwd %q: %v", cwd, r.err)
		}
	}
}

func TestAnEmptyNameIsTheGuestsShell(t *testing.T) {
	s := shared(t)
	dir := scratch(t, s, `mkdir both one && printf '#!/bin/sh\necho bash $*\n' >both/bash && chmod +x both/bash &&
		printf '#!/bin/sh\necho sh $*\n' >both/sh && chmod +x both/sh && cp both/sh one/ && touch one/bash`)
	for path, want := range map[string]string{"both": "bash -c x\n", "one": "sh -c x\n"} {
		start := command("", "-c", "x")
		start.Cwd, start.Env = dir, map[string]string{"PATH": path}
		if r := run(t, s, start).expect(t, 0); string(r.stdout) != want {
			t.Errorf("%s: %q", path, r.stdout)
		}
	}
	nowhere := command("", "-c", "x")
	nowhere.Env = map[string]string{"PATH": "/no/such"}
	if r := run(t, s, nowhere).expect(t, 127); string(r.stderr) != "pyro: sh: the guest has no shell; give a program with its arguments instead of a command line\n" {
		t.Errorf("%q", r.stderr)
	}
	if r := run(t, s, command("", "-c", `exit 7`)).expect(t, 7); r.err != nil {
		t.Error(r.err)
	}
}

func TestInvalidRequestsAreRefused(t *testing.T) {
	s := shared(t)
	for name, start := range map[string]*agentv1.ExecStart{
		"no id":       {Argv: []string{"true"}},
		"no argv":     {ProcessId: "x"},
		"empty name":  {ProcessId: "x", Argv: []string{""}},
		"NUL in argv": {ProcessId: "x", Argv: []string{"true", "a\x00b"}},
		"env name":    {ProcessId: "x", Argv: []string{"true"}, Env: map[string]string{"A=B": "c"}},
		"too long":    {ProcessId: "x", Argv: []string{"true", strings.Repeat("x", 3<<20)}},
	} {
		if r := run(t, s, start); connect.CodeOf(r.err) != connect.CodeInvalidArgument {
			t.Errorf("%s: %v", name, r.err)
		}
	}
	stream := s.processes.Exec(t.Context())
	_ = sendChunk(stream, []byte("early"))
	if r := collect(stream); connect.CodeOf(r.err) != connect.CodeInvalidArgument {
		t.Errorf("no start: %v", r.err)
	}
	start := command("sleep", "100")
	start.Stdin = true
	stream = open(t, t.Context(), s, start)
	_ = stream.Send(&agentv1.ExecRequest{Message: &agentv1.ExecRequest_Start{Start: start}})
	if r := collect(stream); connect.CodeOf(r.err) != connect.CodeInvalidArgument {
		t.Errorf("two starts: %v", r.err)
	}
	r := run(t, s, command("printf", "%s", strings.Repeat("x", 5<<20)))
	if connect.CodeOf(r.err) != connect.CodeResourceExhausted {
		t.Errorf("message beyond the limit: %v", r.err)
	}
}

func TestRunningNamesAreUnique(t *testing.T) {
	s := shared(t)
	start := command("cat")
	start.Stdin = true
	stream := open(t, t.Context(), s, start)
	if _, err := stream.Receive(); err != nil {
		t.Fatal(err)
	}
	again := command("true")
	again.ProcessId = start.GetProcessId()
	if r := run(t, s, again); connect.CodeOf(r.err) != connect.CodeAlreadyExists {
		t.Errorf("%v", r.err)
	}
	_ = stream.CloseRequest()
	collect(stream).expect(t, 0)
	run(t, s, again).expect(t, 0)
}
