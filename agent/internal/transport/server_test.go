// Connections found, served, lost and drained.

package transport

import (
	"context"
	"errors"
	"net"
	"net/http"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"
)

func newHost(t *testing.T) (*net.UnixListener, string) {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "s")
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: socket})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener, socket
}

func start(t *testing.T, server *Server) <-chan error {
	t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- server.Run(t.Context()) }()
	return ended
}

func await(t *testing.T, ended <-chan error) error {
	t.Helper()
	select {
	case err := <-ended:
		return err
	case <-time.After(5 * time.Second):
		t.Fatal("still running")
		return nil
	}
}

func client(t *testing.T, listener net.Listener) *http2.ClientConn {
	t.Helper()
	conn, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	c, err := (&http2.Transport{AllowHTTP: true}).NewClientConn(conn)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestServesEveryConnectionAndReportsEachLoss(t *testing.T) {
	listener, socket := newHost(t)
	var lost atomic.Int32
	server := NewServer(socket, 0, func() { lost.Add(1) })
	server.Handler = http.NotFoundHandler()
	start(t, server)
	for n := range 3 {
		c := client(t, listener)
		if got := int(lost.Load()); got != n {
			t.Errorf("%d losses before connection %d", got, n)
		}
		request, _ := http.NewRequest(http.MethodGet, "http://agent/", nil)
		response, err := c.RoundTrip(request)
		if err != nil || response.StatusCode != http.StatusNotFound {
			t.Fatal(err, response)
		}
		c.Close()
	}
}

func TestPatienceEnds(t *testing.T) {
	server := NewServer(filepath.Join(t.TempDir(), "none"), 100*time.Millisecond, func() {})
	if err := await(t, start(t, server)); err == nil {
		t.Error("no error")
	}
}

func TestCancelEndsTheSearch(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	server := NewServer(filepath.Join(t.TempDir(), "none"), 0, func() {})
	if err := server.Run(ctx); err != nil {
		t.Error(err)
	}
}

func TestDrainLetsTheAnswerUnderWayThrough(t *testing.T) {
	listener, socket := newHost(t)
	server := NewServer(socket, 0, func() {})
	server.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		server.Drain()
		time.Sleep(50 * time.Millisecond)
		_, _ = w.Write([]byte("answer"))
	})
	ended := start(t, server)
	c := client(t, listener)
	request, _ := http.NewRequest(http.MethodGet, "http://agent/", nil)
	response, err := c.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	content := make([]byte, 6)
	if _, err := response.Body.Read(content); (err != nil && !errors.Is(err, net.ErrClosed) && err.Error() != "EOF") || string(content) != "answer" {
		t.Errorf("%v %q", err, content)
	}
	if err := await(t, ended); err != nil {
		t.Error(err)
	}
}
