// Package blobs keeps the parts of images by their digests, shared by all
// images and by all programs that pull at the same time.
//
// A blob is DIR/ALGORITHM/HEX once it is whole; until then it grows in
// HEX.partial, under a lock on that file, and is resumed by whoever comes next.
package blobs

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"pyro-mcp/helper/internal/images/failure"
)

const (
	partialSuffix = ".partial"
	copyBytes     = 256 << 10
)

// Store is a directory of blobs.
type Store struct {
	directory string
	waits     func(reason string, wait time.Duration)
}

// Open makes the directory when it is missing. waits hears, from several
// goroutines, of what there is to wait for; the wait is 0 when nobody knows how long.
func Open(directory string, waits func(reason string, wait time.Duration)) (*Store, error) {
	for _, algorithm := range []string{"sha256", "sha512"} {
		if err := os.MkdirAll(filepath.Join(directory, algorithm), 0o700); err != nil {
			return nil, failure.Storage(err, "the store of image layers could not be made")
		}
	}
	return &Store{directory: directory, waits: waits}, nil
}

func (s *Store) path(digest v1.Hash) string {
	return filepath.Join(s.directory, digest.Algorithm, digest.Hex)
}

// Find opens a blob that is there and whole, by its digest, which is read
// through: what rotted is removed. Without one it returns nil.
func (s *Store) Find(digest v1.Hash, size int64) (*os.File, error) {
	file, err := os.Open(s.path(digest))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, failure.Storage(err, "a layer in the store could not be opened")
	}
	sound, err := isSound(file, digest, size)
	if err == nil && sound {
		return file, nil
	}
	_ = file.Close()
	if err != nil {
		return nil, failure.Storage(err, "a layer in the store could not be read")
	}
	if err := os.Remove(s.path(digest)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, failure.Storage(err, "a damaged layer in the store could not be removed")
	}
	return nil, nil
}

// isSound leaves file at its start.
func isSound(file *os.File, digest v1.Hash, size int64) (bool, error) {
	info, err := file.Stat()
	if err != nil || info.Size() != size {
		return false, err
	}
	hasher, err := v1.Hasher(digest.Algorithm)
	if err != nil {
		return false, err
	}
	if _, err := io.CopyBuffer(writerOnly{hasher}, readerOnly{file}, make([]byte, copyBytes)); err != nil {
		return false, err
	}
	_, err = file.Seek(0, io.SeekStart)
	return hexOf(hasher) == digest.Hex, err
}
