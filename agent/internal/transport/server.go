// Package transport brings the agent to the host: it dials the host's socket,
// serves HTTP/2 over the connection, and dials again when it is lost.
package transport

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/net/http2"
)

// Server serves Handler to the host.
type Server struct {
	// Socket is the path of the host's unix socket.
	Socket  string
	Handler http.Handler
	// Patience bounds each search for the host; 0 is for ever.
	Patience time.Duration
	// Lost is called after each connection, before the next one is sought.
	Lost func()

	base     http.Server
	draining context.Context
	drain    context.CancelFunc

	mu sync.Mutex
	// current is nil while there is no connection.
	current net.Conn
}

// NewServer makes a server that is not yet running.
func NewServer(socket string, patience time.Duration, lost func()) *Server {
	draining, drain := context.WithCancel(context.Background())
	return &Server{Socket: socket, Patience: patience, Lost: lost, draining: draining, drain: drain}
}

// Run serves one connection after the other. It returns nil after Drain or when
// ctx is done, and an error when the host stays away longer than Patience.
func (s *Server) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	// Drain ends the search for a host, but not a connection in use.
	seeking, stop := context.WithCancel(ctx)
	defer stop()
	defer context.AfterFunc(s.draining, stop)()

	protocol := newProtocol()
	if err := http2.ConfigureServer(&s.base, protocol); err != nil {
		return err
	}
	for {
		conn, err := dial(seeking, s.Socket, s.Patience)
		if seeking.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		s.serve(ctx, protocol, conn)
		s.Lost()
	}
}

// serve returns when the connection has ended, and ends it when ctx is done.
func (s *Server) serve(ctx context.Context, protocol *http2.Server, conn net.Conn) {
	defer conn.Close()
	s.setCurrent(conn)
	defer s.setCurrent(nil)
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	protocol.ServeConn(newBufferedConn(conn), &http2.ServeConnOpts{
		Context:    ctx,
		BaseConfig: &s.base,
		Handler:    gatherMessages(s.Handler),
	})
}

func (s *Server) setCurrent(conn net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current = conn
}

// Redial gives up the connection, if there is one, and seeks a new one.
func (s *Server) Redial() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current != nil {
		_ = s.current.Close()
	}
}

// Drain makes Run return once the answers under way have been sent. It does not
// wait for that.
func (s *Server) Drain() {
	s.drain()
	_ = s.base.Shutdown(context.Background())
}
