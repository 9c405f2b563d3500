// Contents of files, with their holes.

package unpack

import (
	"bytes"
	"io"

	"golang.org/x/sys/unix"
)

var zeros [copyBytes]byte

// fill writes sizeBytes of content. Whole pieces of zeros become holes: so a
// sparse file stays one, whichever way its archive says it.
func (t *Tree) fill(file int, content io.Reader, sizeBytes int64) error {
	for at := int64(0); at < sizeBytes; {
		piece := t.buffer[:min(int64(len(t.buffer)), sizeBytes-at)]
		if _, err := io.ReadFull(content, piece); err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return malformed(err)
		}
		isHole := len(piece) == copyBytes && bytes.Equal(piece, zeros[:])
		if !isHole {
			if err := writeAt(file, piece, at); err != nil {
				return err
			}
		}
		at += int64(len(piece))
		if isHole && at == sizeBytes {
			return unix.Ftruncate(file, sizeBytes)
		}
	}
	return nil
}

func writeAt(file int, piece []byte, at int64) error {
	for len(piece) > 0 {
		count, err := unix.Pwrite(file, piece, at)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return err
		}
		piece, at = piece[count:], at+int64(count)
	}
	return nil
}
