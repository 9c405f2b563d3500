// A blob over the network, in as many pieces as the connection breaks it into.

package blobs

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"pyro-mcp/helper/internal/images/failure"
)

const (
	// maxFruitless attempts in a row bring nothing before the blob is given up.
	maxFruitless = 4
	// maxAttempts bounds a connection that breaks after every few bytes.
	maxAttempts = 100
	maxPause    = 5 * time.Second
)

// download is one blob on its way.
type download struct {
	store   *Store
	source  Source
	blob    v1.Descriptor
	partial *partial
	pause   time.Duration
	report  func(int64)
}

func (d *download) run(ctx context.Context) (*os.File, error) {
	if err := d.partial.takeUp(); err != nil {
		return nil, failure.Storage(err, "a layer in the store could not be read")
	}
	resumed := d.partial.written > 0
	d.report(d.partial.written)
	if d.partial.written > d.blob.Size {
		if err := d.restart(); err != nil {
			return nil, err
		}
	}
	if err := d.fill(ctx); err != nil {
		return nil, err
	}
	err := d.check()
	if err != nil && resumed {
		// What was there before may have been damaged; only a download of this
		// program's own tells that the registry has a wrong blob.
		if err := d.restart(); err != nil {
			return nil, err
		}
		if err := d.fill(ctx); err != nil {
			return nil, err
		}
		err = d.check()
	}
	if err != nil {
		return nil, errors.Join(err, d.restart())
	}
	file, err := d.store.finish(d.partial, d.blob.Digest)
	if err != nil {
		return nil, failure.Storage(err, "a layer could not be stored")
	}
	return file, nil
}

// fill goes on until all bytes are there.
func (d *download) fill(ctx context.Context) error {
	fruitless := 0
	for attempts := 0; d.partial.written < d.blob.Size; attempts++ {
		before := d.partial.written
		err := d.attempt(ctx)
		if err == nil {
			return nil
		}
		if d.partial.written > before {
			fruitless = 0
		}
		fruitless++
		if !isWorthRepeating(err) || fruitless == maxFruitless || attempts == maxAttempts {
			return err
		}
		pause := min(d.pause<<fruitless, maxPause)
		d.store.waits("another attempt: "+failure.Of(err).Message, pause)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
	return nil
}

func (d *download) attempt(ctx context.Context) error {
	content, start, err := d.source.Blob(ctx, d.blob, d.partial.written)
	if err != nil && d.source.RangeIgnored(err) {
		if err := d.restart(); err != nil {
			return err
		}
		content, start, err = d.source.Blob(ctx, d.blob, 0)
	}
	if err != nil {
		return err
	}
	defer content.Close()
	if start != d.partial.written {
		if err := d.restart(); err != nil {
			return err
		}
	}
	return d.copy(ctx, content)
}

// copy reads as many bytes as are missing, and one more, which must not come.
func (d *download) copy(ctx context.Context, content io.Reader) error {
	buffer := make([]byte, copyBytes)
	for {
		count, readErr := content.Read(buffer)
		if d.partial.written+int64(count) > d.blob.Size {
			return failure.New(failure.ImageInvalid, "blob %s is longer than its manifest says", d.blob.Digest)
		}
		if count > 0 {
			if _, err := d.partial.Write(buffer[:count]); err != nil {
				return failure.Storage(err, "a layer could not be stored")
			}
			d.report(int64(count))
		}
		switch {
		case errors.Is(readErr, io.EOF) && d.partial.written < d.blob.Size:
			return failure.New(failure.ImageInvalid, "blob %s is shorter than its manifest says", d.blob.Digest)
		case errors.Is(readErr, io.EOF):
			return nil
		case readErr != nil:
			return d.source.Explain(ctx, readErr)
		}
	}
}

func (d *download) check() error {
	if hexOf(d.partial.hasher) == d.blob.Digest.Hex {
		return nil
	}
	return failure.New(failure.ImageInvalid, "what came for blob %s has another digest", d.blob.Digest)
}

func (d *download) restart() error {
	d.report(-d.partial.written)
	if err := d.partial.restart(); err != nil {
		return failure.Storage(err, "a layer could not be stored")
	}
	return nil
}

// isWorthRepeating holds for a connection that broke, and for a registry's bad moment.
func isWorthRepeating(err error) bool {
	code := failure.Of(err).Code
	return code == failure.RegistryUnreachable || code == failure.RegistryFailed
}
