// A file in which blocks of zeros are holes.

package disk

import (
	"bytes"
	"errors"
	"io"
	"os"
)

const blockBytes = 4096

var zeroBlock [blockBytes]byte

// sparseFile writes no zeros where nothing was written before.
type sparseFile struct {
	file     *os.File
	position int64
	// written is the end of what was ever written, size that of the whole.
	written, size int64
}

func (s *sparseFile) Read(buffer []byte) (int, error) {
	n, err := s.file.ReadAt(buffer, s.position)
	s.position += int64(n)
	if n > 0 && errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}

func (s *sparseFile) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += s.position
	case io.SeekEnd:
		offset += s.size
	}
	if offset < 0 {
		return 0, errors.New("seek before the start")
	}
	s.position = offset
	s.size = max(s.size, offset)
	return offset, nil
}

func (s *sparseFile) Write(data []byte) (int, error) {
	done := 0
	for done < len(data) {
		// Up to the end of a block of the file.
		size := min(len(data)-done, blockBytes-int(s.position%blockBytes))
		if err := s.block(data[done : done+size]); err != nil {
			return done, err
		}
		done += size
	}
	return done, nil
}

func (s *sparseFile) block(data []byte) error {
	isHole := s.position >= s.written && bytes.Equal(data, zeroBlock[:len(data)])
	if !isHole {
		if _, err := s.file.WriteAt(data, s.position); err != nil {
			return err
		}
		s.written = max(s.written, s.position+int64(len(data)))
	}
	s.position += int64(len(data))
	s.size = max(s.size, s.position)
	return nil
}

// finish gives the file its size: its end may be a hole.
func (s *sparseFile) finish() error { return s.file.Truncate(s.size) }
