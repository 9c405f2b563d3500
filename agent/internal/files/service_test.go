// A service on a directory of the test, and a client that speaks to it.

package files

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"connectrpc.com/connect"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
	"pyro-mcp/agent/gen/agent/v1/agentv1connect"
)

// workspace is the root of every call in tests.
const workspace = "/workspace"

type guest struct {
	service *Service
	client  agentv1connect.FilesServiceClient
	// base holds the root, and what must not be reached.
	base string
	// root is the directory that the calls are about.
	root string
}

func newGuest(t testing.TB) *guest {
	t.Helper()
	base := t.TempDir()
	service, err := NewService(base)
	must(t, err)
	mux := http.NewServeMux()
	mux.Handle(agentv1connect.NewFilesServiceHandler(service, connect.WithReadMaxBytes(4<<20)))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	g := &guest{
		service: service,
		client:  agentv1connect.NewFilesServiceClient(server.Client(), server.URL),
		base:    base,
		root:    filepath.Join(base, workspace),
	}
	must(t, os.Mkdir(g.root, 0o755))
	return g
}

func (g *guest) path(path string) string { return filepath.Join(g.root, path) }

// put writes a file with its parents.
func (g *guest) put(t testing.TB, path, content string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(g.path(path)), 0o755))
	must(t, os.WriteFile(g.path(path), []byte(content), 0o644))
}

func (g *guest) content(t testing.TB, path string) string {
	t.Helper()
	content, err := os.ReadFile(g.path(path))
	must(t, err)
	return string(content)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// expectCode fails the test unless err is the protocol's with this code, and
// returns what it is about.
func expectCode(t testing.TB, err error, code connect.Code) *agentv1.FilesFailure {
	t.Helper()
	var refusal *connect.Error
	if !errors.As(err, &refusal) || refusal.Code() != code {
		t.Fatalf("%v instead of %v", err, code)
	}
	for _, detail := range refusal.Details() {
		if value, err := detail.Value(); err == nil {
			return value.(*agentv1.FilesFailure)
		}
	}
	return nil
}
