// What only a guest has: an identity, limits, a machine of its own. Needs
// PYRO_TEST_LAUNCHER.

package agent_test

import (
	"strings"
	"testing"

	"connectrpc.com/connect"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

func needGuest(t *testing.T) {
	t.Helper()
	if launcher() == "" {
		t.Skip("needs a guest: PYRO_TEST_LAUNCHER is not set")
	}
}

// says runs text in sh and returns its trimmed output.
func says(t *testing.T, s *session, text string) string {
	t.Helper()
	return strings.TrimSpace(string(run(t, s, script(text)).expect(t, 0).stdout))
}

func TestGuestHasTheIdentityItWasGiven(t *testing.T) {
	needGuest(t)
	h := startHost(t)
	t.Cleanup(h.stop)
	s := h.accept(t)
	request := configureRequest()
	response, err := s.machines.Configure(t.Context(), wrap(request))
	if err != nil || len(response.Msg.GetWarnings()) != 0 {
		t.Fatalf("%v %v", err, response)
	}
	for text, want := range map[string]string{
		"uname -n":                                   "guest-1",
		"cat /etc/hostname":                          "guest-1",
		"cat /etc/machine-id":                        request.GetMachineId(),
		"stat -c %a /etc/machine-id":                 "444",
		"grep guest-1 /etc/hosts":                    "127.0.1.1 guest-1",
		"grep -c '^127.0.0.1.*localhost' /etc/hosts": "1",
		"grep -c '^::1.*localhost' /etc/hosts":       "1",
	} {
		if got := says(t, s, text); got != want {
			t.Errorf("%s: %q instead of %q", text, got, want)
		}
	}
}

func TestGuestIsBootedSoundly(t *testing.T) {
	needGuest(t)
	s := shared(t)
	for text, want := range map[string]string{
		"echo $PATH":                                      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		"echo $HOME $USER $LOGNAME":                       "/root root root",
		"echo $SHELL $LANG; pwd":                          "/bin/bash C.UTF-8\n/",
		"grep -c ' /tmp ' /proc/mounts || true":           "0",
		"stat -c %a /tmp":                                 "1777",
		"ulimit -n; ulimit -c":                            "65536\n0",
		"readlink /proc/1/fd/0 /proc/1/fd/1 /proc/1/fd/2": "/dev/null\n/dev/null\n/dev/null",
		`python3 -c 'import socket as s; l=s.create_server(("127.0.0.1",0)); s.create_connection(l.getsockname()); print("up")'`: "up",
	} {
		if got := says(t, s, text); got != want {
			t.Errorf("%s: %q instead of %q", text, got, want)
		}
	}
}

func TestForkBombIsLimitedAndEnded(t *testing.T) {
	needGuest(t)
	h := startHost(t)
	t.Cleanup(h.stop)
	s := h.accept(t)
	request := configureRequest()
	request.MaxTasks = 150
	if _, err := s.machines.Configure(t.Context(), wrap(request)); err != nil {
		t.Fatal(err)
	}
	start := command("python3", "-c", `
import os, time
while True:
    try: os.fork()
    except OSError: time.sleep(1)`)
	start.TimeoutMs = 6000
	stream := open(t, t.Context(), s, start)
	eventually(t, "the limit is reached", func() bool {
		r := run(t, s, command("true"))
		return r.exited.GetExitCode() == 126 && strings.Contains(string(r.stderr), "limit of tasks")
	})
	r := collect(stream).expect(t, 124)
	if took := r.exited.GetDurationUs(); took > 10_000_000 {
		t.Errorf("took %d µs", took)
	}
	eventually(t, "the guest is itself again", func() bool {
		return says(t, s, "cat /sys/fs/cgroup/pyro/pids.current") <= "3"
	})
}

func TestACommandThatLeavesItsTreeIsKilledAllTheSame(t *testing.T) {
	needGuest(t)
	start := script("echo $$ >/sys/fs/cgroup/cgroup.procs; exec sleep 100")
	start.TimeoutMs = 500
	run(t, shared(t), start).expect(t, 124)
}

func TestShutdownEndsTheGuest(t *testing.T) {
	needGuest(t)
	_, s := fresh(t)
	if _, err := s.machines.Shutdown(t.Context(), wrap(&agentv1.ShutdownRequest{})); err != nil {
		t.Fatal(err)
	}
	eventually(t, "connection closed", func() bool {
		_, err := s.machines.Ping(t.Context(), wrap(&agentv1.PingRequest{}))
		return connect.CodeOf(err) == connect.CodeUnavailable
	})
}
