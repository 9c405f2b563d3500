// The connection to the stack, which comes and goes while the device stays.

package network

import (
	"net"
	"sync"
)

type link struct {
	mu sync.Mutex
	// conn is nil while there is no stack.
	conn net.Conn
	// changed is closed, and made anew, whenever conn changes.
	changed chan struct{}
}

func newLink() link { return link{changed: make(chan struct{})} }

// replace makes conn the connection and closes the former one.
func (l *link) replace(conn net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn != nil {
		l.conn.Close()
	}
	l.set(conn)
}

// lost closes conn, which another one may have replaced already.
func (l *link) lost(conn net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	conn.Close()
	if l.conn == conn {
		l.set(nil)
	}
}

func (l *link) set(conn net.Conn) {
	l.conn = conn
	close(l.changed)
	l.changed = make(chan struct{})
}

// current is nil while there is no stack.
func (l *link) current() net.Conn {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.conn
}

// state tells whether there is a connection; the channel is closed when that
// may have changed.
func (l *link) state() (attached bool, changed <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.conn != nil, l.changed
}
