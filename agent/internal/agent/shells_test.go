// Shells: terminals, signals, survival and the end of their trees.

package agent_test

import (
	"context"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"connectrpc.com/connect"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

func openShell(t *testing.T, s *session, id string) *agentv1.Shell {
	t.Helper()
	response, err := s.shells.OpenShell(context.Background(), wrap(&agentv1.OpenShellRequest{
		ShellId: id, Cols: 80, Rows: 24, Env: map[string]string{"PS1": "$ ", "HOME": "/nonexistent"},
	}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, _ = s.shells.CloseShell(context.Background(), wrap(&agentv1.CloseShellRequest{ShellId: id}))
	})
	return response.Msg.GetShell()
}

func typeInto(t *testing.T, s *session, id, input string) {
	t.Helper()
	if _, err := s.shells.WriteShell(context.Background(), wrap(&agentv1.WriteShellRequest{ShellId: id, Input: []byte(input)})); err != nil {
		t.Fatal(err)
	}
}

// readUntil reads from cursor on until the output holds text, or the shell has ended.
func readUntil(t *testing.T, s *session, id string, cursor uint64, text string) (output string, end *agentv1.Shell) {
	t.Helper()
	for range 1000 {
		response, err := s.shells.ReadShell(context.Background(), wrap(&agentv1.ReadShellRequest{
			ShellId: id, Cursor: cursor, MaxChars: 65536, WaitForOutputMs: 10_000,
		}))
		if err != nil {
			t.Fatal(err)
		}
		piece := response.Msg.GetOutput()
		cursor += uint64(len([]rune(piece)))
		output += piece
		if text != "" && strings.Contains(output, text) || response.Msg.GetShell().GetEndedAtNs() != 0 {
			return output, response.Msg.GetShell()
		}
		if piece == "" {
			break
		}
	}
	t.Fatalf("never printed %q: %q", text, output)
	return "", nil
}

func TestShellKeepsItsStateAndItsOutput(t *testing.T) {
	s := shared(t)
	openShell(t, s, "state")
	typeInto(t, s, "state", "x=4; cd /; stty size\r")
	readUntil(t, s, "state", 0, "24 80")
	typeInto(t, s, "state", "echo \"<$((x+38))>\"; pwd; exit 3\r")
	output, end := readUntil(t, s, "state", 0, "")
	if !strings.Contains(output, "<42>\r\n/\r\n") || end.GetExitCode() != 3 {
		t.Errorf("%q %v", output, end)
	}
	if _, err := s.shells.WriteShell(context.Background(), wrap(&agentv1.WriteShellRequest{ShellId: "state", Input: []byte("x")})); connect.CodeOf(err) != connect.CodeFailedPrecondition {
		t.Error(err)
	}
}

func TestShellSignalsReachTheForegroundOnly(t *testing.T) {
	s := shared(t)
	openShell(t, s, "signals")
	typeInto(t, s, "signals", "sleep 700 & echo back''ground\r")
	readUntil(t, s, "signals", 0, "background")
	for _, test := range []struct {
		signal syscall.Signal
		status int
	}{{syscall.SIGINT, 130}, {syscall.SIGTERM, 143}, {syscall.SIGHUP, 129}, {syscall.SIGKILL, 137}} {
		typeInto(t, s, "signals", fmt.Sprintf("sh -c 'echo begun-%d; sleep 900'\r", test.signal))
		readUntil(t, s, "signals", 0, fmt.Sprintf("begun-%d\r", test.signal))
		if _, err := s.shells.SignalShell(context.Background(), wrap(&agentv1.SignalShellRequest{ShellId: "signals", Signal: uint32(test.signal)})); err != nil {
			t.Fatal(err)
		}
		typeInto(t, s, "signals", fmt.Sprintf("echo status-$?-%d\r", test.signal))
		readUntil(t, s, "signals", 0, fmt.Sprintf("status-%d-%d\r", test.status, test.signal))
	}
	typeInto(t, s, "signals", "kill -0 %1 && echo still''there\r")
	readUntil(t, s, "signals", 0, "stillthere")
}

func TestOpenShellTakesOneThatIsThere(t *testing.T) {
	s := shared(t)
	open := func(id string, env map[string]string) error {
		_, err := s.shells.OpenShell(context.Background(), wrap(&agentv1.OpenShellRequest{ShellId: id, Cols: 80, Rows: 24, Env: env}))
		return err
	}
	nothing := map[string]string{"SHELL": "/no/zsh", "PATH": "/no/where"}
	if err := open("without", nothing); connect.CodeOf(err) != connect.CodeNotFound {
		t.Error(err)
	}
	if err := open("fallback", map[string]string{"SHELL": "/no/zsh", "PATH": "/usr/bin:/bin", "PS1": "$ "}); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_, _ = s.shells.CloseShell(context.Background(), wrap(&agentv1.CloseShellRequest{ShellId: "fallback"}))
	}()
	typeInto(t, s, "fallback", "test -x $SHELL && echo in''side\n")
	readUntil(t, s, "fallback", 0, "inside")
}
