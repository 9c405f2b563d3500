// Reading the log of a service from the guest's disk.

package supervisor

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// logView is both files of a stream as one text: the former one, then the
// current one. Its owner calls close.
type logView struct {
	files [2]*os.File
	sizes [2]int64
	// total is at least size: what is not kept any more was written before.
	total int64
}

func openView(dir string, stream int) (*logView, error) {
	v := &logView{}
	for i, path := range []string{formerPath(dir, stream), currentPath(dir, stream)} {
		file, size, err := openSegment(path)
		if err != nil {
			v.close()
			return nil, err
		}
		v.files[i], v.sizes[i] = file, size
	}
	v.total = v.size()
	return v, nil
}

// openSegment returns nil for a file that is not there. What is no regular file
// is refused: whoever put it there might make us wait.
func openSegment(path string) (*os.File, int64, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
	if errors.Is(err, os.ErrNotExist) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is not a regular file", path)
	}
	if err != nil {
		_ = file.Close()
		return nil, 0, err
	}
	// More than that was not written by us.
	return file, min(info.Size(), 2*segmentBytes), nil
}

func (v *logView) size() int64 { return v.sizes[0] + v.sizes[1] }

func (v *logView) close() {
	for _, file := range v.files {
		if file != nil {
			_ = file.Close()
		}
	}
}

// readAt reads from offset, which counts from the first byte that is kept. It
// returns 0 at the end.
func (v *logView) readAt(p []byte, offset int64) (int, error) {
	i := 0
	if offset >= v.sizes[0] {
		i, offset = 1, offset-v.sizes[0]
	}
	left := v.sizes[i] - offset
	if left <= 0 || v.files[i] == nil {
		return 0, nil
	}
	n, err := v.files[i].ReadAt(p[:min(int64(len(p)), left)], offset)
	if n > 0 {
		return n, nil
	}
	return 0, err
}

// tail returns where the last lines begin; 0 lines stand for all.
func (v *logView) tail(lines uint32) (int64, error) {
	if lines == 0 {
		return 0, nil
	}
	buffer := make([]byte, chunkBytes)
	found := uint32(0)
	for end := v.size(); end > 0; {
		start := max(0, end-int64(len(buffer)))
		if start < v.sizes[0] && end > v.sizes[0] {
			start = v.sizes[0]
		}
		piece := buffer[:end-start]
		if n, err := v.readAt(piece, start); err != nil || n < len(piece) {
			return end, err
		}
		for i := bytes.LastIndexByte(piece, '\n'); i >= 0; i = bytes.LastIndexByte(piece[:i], '\n') {
			// The one at the very end closes the last line and begins none.
			if start+int64(i)+1 == v.size() {
				continue
			}
			if found++; found == lines {
				return start + int64(i) + 1, nil
			}
		}
		end = start
	}
	return 0, nil
}
