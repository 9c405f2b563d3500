// The host's side of the protocol, for tests: a socket, an agent that dials it,
// and clients over the accepted connection.
//
// The agent is this test binary run again with --host-root, or, with
// PYRO_TEST_LAUNCHER=PROGRAM, an agent that `PROGRAM start DIR` brings to dial
// DIR/agent.sock from elsewhere, for example from a gVisor guest. `PROGRAM stop
// DIR` ends it.

package agent_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/http2"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
	"pyro-mcp/agent/gen/agent/v1/agentv1connect"
	"pyro-mcp/agent/internal/agent"
	leader "pyro-mcp/agent/internal/session"
)

const underTest = "PYRO_AGENT_UNDER_TEST"

func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "--session" {
		os.Exit(leader.Lead(os.Args[2]))
	}
	if socket := os.Getenv(underTest); socket != "" {
		if err := agent.Run(agent.Config{Socket: socket, HostRoot: filepath.Dir(socket), Version: "test"}); err != nil {
			os.Exit(1)
		}
		return
	}
	code := m.Run()
	closeShared()
	os.Exit(code)
}

// host is a listening host and the agent started for it.
type host struct {
	dir      string
	listener *net.UnixListener
	agent    *exec.Cmd
	token    []byte
	mu       sync.Mutex
	stopped  bool
}

// session is one connection of the agent.
type session struct {
	conn      net.Conn
	machines  agentv1connect.MachineServiceClient
	processes agentv1connect.ProcessServiceClient
	files     agentv1connect.FilesServiceClient
	shells    agentv1connect.ShellsServiceClient
}

func launcher() string { return os.Getenv("PYRO_TEST_LAUNCHER") }

func startHost(tb testing.TB) *host {
	tb.Helper()
	dir, err := os.MkdirTemp("", "pyro")
	if err != nil {
		tb.Fatal(err)
	}
	socket := filepath.Join(dir, "agent.sock")
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: socket})
	if err != nil {
		tb.Fatal(err)
	}
	h := &host{dir: dir, listener: listener}
	if launcher() != "" {
		h.agent = exec.Command(launcher(), "start", dir)
		if output, err := h.agent.CombinedOutput(); err != nil {
			tb.Fatalf("launcher: %v\n%s", err, output)
		}
		return h
	}
	h.agent = exec.Command(os.Args[0])
	h.agent.Env = append(os.Environ(), underTest+"="+socket)
	h.agent.Stderr = os.Stderr
	if err := h.agent.Start(); err != nil {
		tb.Fatal(err)
	}
	return h
}

// stop ends the agent and waits for its end.
func (h *host) stop() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stopped {
		return
	}
	h.stopped = true
	h.listener.Close()
	if launcher() != "" {
		_ = exec.Command(launcher(), "stop", h.dir).Run()
	} else {
		_ = h.agent.Process.Signal(os.Interrupt)
		_ = h.agent.Wait()
	}
	os.RemoveAll(h.dir)
}

// accept waits for the agent to dial.
func (h *host) accept(tb testing.TB) *session {
	tb.Helper()
	if err := h.listener.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		tb.Fatal(err)
	}
	conn, err := h.listener.Accept()
	if err != nil {
		tb.Fatal(err)
	}
	transport := &http2.Transport{AllowHTTP: true, DisableCompression: true, MaxReadFrameSize: 1 << 20}
	client, err := transport.NewClientConn(conn)
	if err != nil {
		tb.Fatal(err)
	}
	web := &http.Client{Transport: client}
	return &session{
		conn:      conn,
		machines:  agentv1connect.NewMachineServiceClient(web, "http://agent"),
		processes: agentv1connect.NewProcessServiceClient(web, "http://agent"),
		files:     agentv1connect.NewFilesServiceClient(web, "http://agent"),
		shells:    agentv1connect.NewShellsServiceClient(web, "http://agent"),
	}
}

// configured accepts and configures a fresh agent.
func (h *host) configured(tb testing.TB) *session {
	tb.Helper()
	s := h.accept(tb)
	request := configureRequest()
	h.token = request.GetToken()
	if _, err := s.machines.Configure(context.Background(), wrap(request)); err != nil {
		tb.Fatal(err)
	}
	return s
}

func configureRequest() *agentv1.ConfigureRequest {
	token, id := make([]byte, 32), make([]byte, 16)
	_, _ = rand.Read(token)
	_, _ = rand.Read(id)
	return &agentv1.ConfigureRequest{Token: token, Hostname: "guest-1", MachineId: hex.EncodeToString(id), MaxTasks: 4000}
}

// fresh starts an agent of the test's own.
func fresh(tb testing.TB) (*host, *session) {
	tb.Helper()
	h := startHost(tb)
	tb.Cleanup(h.stop)
	return h, h.configured(tb)
}

var sharedHost struct {
	once sync.Once
	*host
	*session
}

// shared is one configured agent for all tests that leave it as it was.
func shared(tb testing.TB) *session {
	tb.Helper()
	sharedHost.once.Do(func() {
		sharedHost.host = startHost(tb)
		sharedHost.session = sharedHost.configured(tb)
	})
	return sharedHost.session
}

func closeShared() {
	if sharedHost.host != nil {
		sharedHost.stop()
	}
}

// eventually waits for what no event tells the test.
func eventually(tb testing.TB, what string, holds func() bool) {
	tb.Helper()
	for deadline := time.Now().Add(10 * time.Second); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			tb.Fatalf("never: %s", what)
		}
	}
}

func pattern(size int) []byte {
	block := make([]byte, 4096)
	_, _ = rand.Read(block)
	return bytes.Repeat(block, size/len(block)+1)[:size]
}
