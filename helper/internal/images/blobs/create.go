// Blobs whose digest is known only when all of them is written.

package blobs

import (
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"io/fs"
	"os"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"pyro-mcp/helper/internal/images/failure"
)

// Open opens a whole blob and tells its size. Its content is not looked at.
func (s *Store) Open(digest v1.Hash) (*os.File, int64, error) {
	file, err := os.Open(s.path(digest))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, failure.New(failure.ImageNotFound, "a part of the image is not in the store any more: %s", digest)
	}
	if err != nil {
		return nil, 0, failure.Storage(err, "a layer in the store could not be opened")
	}
	info, err := file.Stat()
	if err != nil {
		return nil, 0, errors.Join(failure.Storage(err, "a layer in the store could not be read"), file.Close())
	}
	return file, info.Size(), nil
}

// Create stores what write writes, under its SHA-256.
func (s *Store) Create(write func(io.Writer) error) (v1.Descriptor, error) {
	file, err := os.CreateTemp(s.directory, "new-*"+partialSuffix)
	if err != nil {
		return v1.Descriptor{}, failure.Storage(err, "a layer could not be stored")
	}
	// It has another name by then, when all goes well.
	defer os.Remove(file.Name())
	defer file.Close()
	counted := &countingHash{hasher: sha256.New()}
	if err := write(io.MultiWriter(file, counted)); err != nil {
		return v1.Descriptor{}, err
	}
	blob := v1.Descriptor{Digest: v1.Hash{Algorithm: "sha256", Hex: hexOf(counted.hasher)}, Size: counted.bytes}
	if err := file.Sync(); err != nil {
		return v1.Descriptor{}, failure.Storage(err, "a layer could not be stored")
	}
	if err := os.Rename(file.Name(), s.path(blob.Digest)); err != nil {
		return v1.Descriptor{}, failure.Storage(err, "a layer could not be stored")
	}
	return blob, nil
}

type countingHash struct {
	hasher hash.Hash
	bytes  int64
}

func (c *countingHash) Write(piece []byte) (int, error) {
	c.bytes += int64(len(piece))
	return c.hasher.Write(piece)
}
