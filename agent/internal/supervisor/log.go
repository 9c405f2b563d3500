// What a service writes, on the guest's disk: of each stream the latest part,
// in two files.

package supervisor

import (
	"errors"
	"os"
	"path/filepath"
	"sync"

	"golang.org/x/sys/unix"
)

const (
	stdoutStream = iota
	stderrStream
	streamCount
)

// segmentBytes is where a file is put aside for the next one. Of each stream the
// last 2 to 4 MiB are kept: a service takes 8 MiB of disk at most.
const segmentBytes = 2 << 20

var streamNames = [streamCount]string{"stdout", "stderr"}

// serviceLog is the log of a run that goes on.
type serviceLog struct {
	dir string

	mu      sync.Mutex
	streams [streamCount]logStream
	// grown is closed, and made anew, when something has been written.
	grown  chan struct{}
	closed bool
}

type logStream struct {
	file *os.File
	// size is that of file, total all that came.
	size, total int64
}

// openLog begins the log of a new run: what a former one wrote is removed.
func openLog(root, name string) (*serviceLog, error) {
	dir := filepath.Join(root, name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	l := &serviceLog{dir: dir, grown: make(chan struct{})}
	for stream := range streamCount {
		if err := errors.Join(removeIfThere(currentPath(dir, stream)), removeIfThere(formerPath(dir, stream))); err != nil {
			l.close()
			return nil, err
		}
		file, err := createSegment(currentPath(dir, stream))
		if err != nil {
			l.close()
			return nil, err
		}
		l.streams[stream].file = file
	}
	return l, nil
}

func currentPath(dir string, stream int) string { return filepath.Join(dir, streamNames[stream]) }
func formerPath(dir string, stream int) string  { return currentPath(dir, stream) + ".1" }

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

func createSegment(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL|unix.O_NOFOLLOW, 0o644)
}

// write keeps chunk as far as the disk takes it: a full disk must not stop the
// service.
func (l *serviceLog) write(stream int, chunk []byte) {
	if len(chunk) == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	s := &l.streams[stream]
	if s.size+int64(len(chunk)) > segmentBytes {
		l.rotate(stream)
	}
	n, _ := s.file.Write(chunk)
	s.size += int64(n)
	s.total += int64(len(chunk))
	close(l.grown)
	l.grown = make(chan struct{})
}

// rotate puts the file aside. When the guest is in the way of that, the file
// begins anew instead: it stays bounded whatever happens.
func (l *serviceLog) rotate(stream int) {
	s := &l.streams[stream]
	err := os.Rename(currentPath(l.dir, stream), formerPath(l.dir, stream))
	var next *os.File
	if err == nil {
		next, err = createSegment(currentPath(l.dir, stream))
	}
	if err == nil {
		_ = s.file.Close()
		s.file = next
	} else {
		_ = s.file.Truncate(0)
		_, _ = s.file.Seek(0, 0)
	}
	s.size = 0
}

// close ends the log; what was written stays.
func (l *serviceLog) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	l.closed = true
	for _, s := range l.streams {
		if s.file != nil {
			_ = s.file.Close()
		}
	}
	close(l.grown)
}

// view is what of a stream can be read now. total counts all that ever came; it
// is what is kept when nobody knows more. grown tells of the next write, and is
// closed for good after the last one.
func (l *serviceLog) view(stream int) (*logView, <-chan struct{}, bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	view, err := openView(l.dir, stream)
	if err == nil {
		view.total = max(l.streams[stream].total, view.size())
	}
	return view, l.grown, l.closed, err
}
