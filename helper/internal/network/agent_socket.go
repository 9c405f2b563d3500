// Waiting for the guest's agent.

package network

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"
)

const (
	// agentPatience is how long the agent may take to come.
	agentPatience = 30 * time.Second
	// proofPatience is how long a connection may take to prove itself.
	proofPatience = 5 * time.Second
)

// agentSocket is where the agent comes. Its file goes with it.
type agentSocket struct{ listener *net.UnixListener }

// openSocket takes the place of a socket that a killed process has left.
func openSocket(path string) (agentSocket, error) {
	if info, err := os.Lstat(path); err == nil && info.Mode().Type() == os.ModeSocket {
		if err := os.Remove(path); err != nil {
			return agentSocket{}, err
		}
	}
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return agentSocket{}, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		listener.Close()
		return agentSocket{}, err
	}
	return agentSocket{listener: listener}, nil
}

// accept returns the first connection that begins with token, and removes the
// socket in any case. Any process of the guest can dial: one that does not know
// the token holds up nobody else.
func (s agentSocket) accept(ctx context.Context, token [tokenBytes]byte) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, agentPatience)
	// After a return, connections that are still to prove themselves are closed.
	defer cancel()
	defer s.listener.Close()
	defer context.AfterFunc(ctx, func() { s.listener.Close() })()
	proved := make(chan net.Conn)
	failed := make(chan error, 1)
	go func() {
		for {
			conn, err := s.listener.Accept()
			if err != nil {
				failed <- err
				return
			}
			go prove(ctx, conn, token, proved)
		}
	}()
	select {
	case conn := <-proved:
		return conn, nil
	case err := <-failed:
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return nil, fmt.Errorf("the guest's agent did not come: %w", err)
	}
}

// prove hands conn to proved when it begins with token, and closes it otherwise.
func prove(ctx context.Context, conn net.Conn, token [tokenBytes]byte, proved chan<- net.Conn) {
	if proofOf(conn, token) == nil {
		select {
		case proved <- conn:
			return
		case <-ctx.Done():
		}
	}
	conn.Close()
}

func proofOf(conn net.Conn, token [tokenBytes]byte) error {
	if err := conn.SetReadDeadline(time.Now().Add(proofPatience)); err != nil {
		return err
	}
	var given [tokenBytes]byte
	if _, err := io.ReadFull(conn, given[:]); err != nil {
		return err
	}
	if subtle.ConstantTimeCompare(given[:], token[:]) != 1 {
		return errors.New("not the token")
	}
	return conn.SetReadDeadline(time.Time{})
}
