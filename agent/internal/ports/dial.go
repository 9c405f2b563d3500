// Package ports implements PortService: TCP connections from the host to what
// listens on the guest's loopback interface.
package ports

import (
	"context"
	"errors"
	"net"
	"strconv"
)

const maxPort = 65535

// IsPort reports whether port can be one of TCP.
func IsPort(port uint32) bool { return port > 0 && port <= maxPort }

// loopbacks are tried in this order: what listens on all addresses of both
// families is reached by the first.
var loopbacks = [...]string{"127.0.0.1", "::1"}

// Dial connects to port of the loopback interface, by IPv4 or else by IPv6.
func Dial(ctx context.Context, port uint32) (*net.TCPConn, error) {
	var dialer net.Dialer
	var errs [len(loopbacks)]error
	for i, address := range loopbacks {
		conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(address, strconv.FormatUint(uint64(port), 10)))
		if err == nil {
			return conn.(*net.TCPConn), nil
		}
		errs[i] = err
	}
	return nil, errors.Join(errs[:]...)
}
