// A blob that grows.

package blobs

import (
	"errors"
	"hash"
	"io"
	"os"
	"path/filepath"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"golang.org/x/sys/unix"

	"pyro-mcp/helper/internal/images/failure"
)

// partial is locked from its opening to its close.
type partial struct {
	file   *os.File
	hasher hash.Hash
	// written bytes are in the file and in the hash.
	written int64
}

// openPartial waits until nobody else writes the blob. It returns nil when the
// blob is whole by then.
func (s *Store) openPartial(digest v1.Hash) (*partial, error) {
	path := s.path(digest) + partialSuffix
	for {
		file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return nil, failure.Storage(err, "a layer could not be stored")
		}
		if err := s.lock(file); err != nil {
			return nil, errors.Join(failure.Storage(err, "a layer could not be locked"), file.Close())
		}
		_, err = os.Lstat(s.path(digest))
		isWhole := err == nil
		// While this one waited, the file may have become the blob, or gone.
		isCurrent := names(path, file)
		if isWhole {
			if isCurrent {
				_ = os.Remove(path)
			}
			return nil, file.Close()
		}
		if !isCurrent {
			_ = file.Close()
			continue
		}
		hasher, err := v1.Hasher(digest.Algorithm)
		if err != nil {
			return nil, errors.Join(err, file.Close())
		}
		return &partial{file: file, hasher: hasher}, nil
	}
}

// lock is freed by the kernel when the file is closed, even by kill -9.
func (s *Store) lock(file *os.File) error {
	err := flock(file, unix.LOCK_EX|unix.LOCK_NB)
	if !errors.Is(err, unix.EWOULDBLOCK) {
		return err
	}
	s.waits("another pull, which loads the same", 0)
	return flock(file, unix.LOCK_EX)
}

func flock(file *os.File, how int) error {
	for {
		err := unix.Flock(int(file.Fd()), how)
		if !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}

func names(path string, file *os.File) bool {
	there, err := os.Lstat(path)
	if err != nil {
		return false
	}
	open, err := file.Stat()
	return err == nil && os.SameFile(there, open)
}

// takeUp reads what an earlier attempt has left, and goes on behind it.
func (p *partial) takeUp() error {
	written, err := io.CopyBuffer(writerOnly{p.hasher}, readerOnly{p.file}, make([]byte, copyBytes))
	p.written = written
	return err
}

// restart throws away what is there.
func (p *partial) restart() error {
	p.hasher.Reset()
	p.written = 0
	if _, err := p.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return p.file.Truncate(0)
}

// Write appends.
func (p *partial) Write(data []byte) (int, error) {
	count, err := p.file.Write(data)
	// Fails never, hash.Hash says.
	_, _ = p.hasher.Write(data[:count])
	p.written += int64(count)
	return count, err
}

// finish makes the blob visible; it is on the disk before it has its name. The
// lock ends when the returned file, which is at its start, is closed.
func (s *Store) finish(p *partial, digest v1.Hash) (*os.File, error) {
	if err := p.file.Sync(); err != nil {
		return nil, err
	}
	path := s.path(digest)
	if err := os.Rename(path+partialSuffix, path); err != nil {
		return nil, err
	}
	if err := syncDirectory(filepath.Dir(path)); err != nil {
		return nil, err
	}
	if _, err := p.file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	return p.file, flock(p.file, unix.LOCK_UN)
}

func syncDirectory(path string) error {
	directory, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(directory.Sync(), directory.Close())
}
