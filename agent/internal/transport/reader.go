// Fewer reads from the connection.

package transport

import (
	"bufio"
	"net"
)

// readBytes holds several frames of Node's client, which sends 16 KiB each.
const readBytes = 128 << 10

// bufferedConn reads ahead. The HTTP/2 server reads the header and the payload
// of every frame apart, and a system call is dear in a guest.
type bufferedConn struct {
	net.Conn
	reader *bufio.Reader
}

func newBufferedConn(conn net.Conn) net.Conn {
	return &bufferedConn{Conn: conn, reader: bufio.NewReaderSize(conn, readBytes)}
}

func (c *bufferedConn) Read(p []byte) (int, error) { return c.reader.Read(p) }
