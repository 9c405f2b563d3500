// A file of bounded size.

package record

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// maxFileBytes is where a file becomes the former one, of which there is one.
const maxFileBytes = 4 << 20

// file grows to maxFileBytes, then starts again. It holds both its files open,
// because the process gives up the right to make new ones.
type file struct {
	current, former *os.File
	size            int64
}

// openFile opens path, to go on at its end, and path.1 for what was before it.
func openFile(path string) (*file, error) {
	current, err := openOwn(path)
	if err != nil {
		return nil, err
	}
	former, err := openOwn(path + ".1")
	if err != nil {
		current.Close()
		return nil, err
	}
	info, err := current.Stat()
	if err != nil {
		current.Close()
		former.Close()
		return nil, err
	}
	return &file{current: current, former: former, size: info.Size()}, nil
}

func openOwn(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDWR|os.O_APPEND|os.O_CREATE|unix.O_NOFOLLOW, 0o600)
}

// write appends one line with its end.
func (f *file) write(line []byte) error {
	if f.size+int64(len(line)) > maxFileBytes {
		if err := f.rotate(); err != nil {
			return fmt.Errorf("rotate: %w", err)
		}
	}
	n, err := f.current.Write(line)
	f.size += int64(n)
	return err
}

func (f *file) rotate() error {
	if err := f.former.Truncate(0); err != nil {
		return err
	}
	if _, err := io.Copy(f.former, io.NewSectionReader(f.current, 0, f.size)); err != nil {
		return err
	}
	if err := f.current.Truncate(0); err != nil {
		return err
	}
	f.size = 0
	return nil
}

func (f *file) close() error {
	f.former.Close()
	return f.current.Close()
}
