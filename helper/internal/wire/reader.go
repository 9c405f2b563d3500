// Package wire carries packets over a stream: each has its length before it,
// four bytes, big-endian. The other end is a guest, and hostile.
package wire

import (
	"encoding/binary"
	"fmt"
	"io"
)

const (
	// MaxPacketBytes is the longest packet of IP.
	MaxPacketBytes = 65535
	// bufferBytes hold several packets of the largest size: they are read with
	// as few system calls as the sender wrote them.
	bufferBytes = 512 << 10
	lengthBytes = 4
)

// Reader takes packets off a stream.
type Reader struct {
	source io.Reader
	buffer []byte
	// buffer[next:filled] has been read and not yet been returned.
	next, filled int
}

// NewReader reads from source.
func NewReader(source io.Reader) *Reader {
	return &Reader{source: source, buffer: make([]byte, bufferBytes)}
}

// Next returns one packet, which is valid until the following call. It fails
// with io.EOF at a clean end, and for good when the stream is no sequence of
// packets.
func (r *Reader) Next() ([]byte, error) {
	for {
		pending := r.buffer[r.next:r.filled]
		if len(pending) >= lengthBytes {
			size := int64(binary.BigEndian.Uint32(pending))
			if size == 0 || size > MaxPacketBytes {
				return nil, fmt.Errorf("a packet of %d bytes", size)
			}
			if end := lengthBytes + int(size); len(pending) >= end {
				r.next += end
				return pending[lengthBytes:end], nil
			}
		}
		if err := r.fill(); err != nil {
			return nil, err
		}
	}
}

func (r *Reader) fill() error {
	if r.next > 0 {
		r.filled = copy(r.buffer, r.buffer[r.next:r.filled])
		r.next = 0
	}
	n, err := r.source.Read(r.buffer[r.filled:])
	r.filled += n
	if n > 0 {
		return nil
	}
	if err == io.EOF && r.filled > 0 {
		return io.ErrUnexpectedEOF
	}
	if err == nil {
		return io.ErrNoProgress
	}
	return err
}
