// Getting a blob: out of the store, or over the network.

package blobs

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// Source brings content from an offset on, or from the start, as it says.
type Source interface {
	Blob(ctx context.Context, blob v1.Descriptor, offset int64) (content io.ReadCloser, start int64, err error)
	// Explain translates an error of reading the content.
	Explain(ctx context.Context, err error) error
	// RangeIgnored tells that err is only about the offset.
	RangeIgnored(err error) bool
	// FirstPause is the pause after a connection that broke; further ones are longer.
	FirstPause() time.Duration
}

// Fetch returns the blob, whole, at its start; the caller closes it. report is
// called with each piece's length, negative for what has to come again.
func (s *Store) Fetch(ctx context.Context, source Source, blob v1.Descriptor, report func(int64)) (*os.File, error) {
	for {
		found, err := s.Find(blob.Digest, blob.Size)
		if err != nil {
			return nil, err
		}
		if found != nil {
			report(blob.Size)
			return found, nil
		}
		growing, err := s.openPartial(blob.Digest)
		if err != nil {
			return nil, err
		}
		if growing == nil {
			// Somebody else got it meanwhile.
			continue
		}
		d := &download{store: s, source: source, blob: blob, partial: growing, pause: source.FirstPause(), report: report}
		file, err := d.run(ctx)
		if err != nil {
			return nil, errors.Join(err, growing.file.Close())
		}
		return file, nil
	}
}
