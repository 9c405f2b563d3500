// How much an image may bring.

package unpack

import (
	"io"

	"pyro-mcp/helper/internal/images/failure"
)

// Limits bound what layers become. Real images stay far below all of them.
type Limits struct {
	// MaxEntries counts the entries of all layers.
	MaxEntries int
	// MaxBytes is the size of all files of all layers, holes included.
	MaxBytes int64
	// FreeBytes may come out of any layer. What comes beyond them may be at most
	// MaxRatio times as long as the layers themselves.
	FreeBytes int64
	MaxRatio  int64
}

// Usual are the limits of every image.
var Usual = Limits{MaxEntries: 2_000_000, MaxBytes: 128 << 30, FreeBytes: 4 << 30, MaxRatio: 100}

// maxPathBytes leaves room below PATH_MAX for the root's own path: a tree that
// no path reaches could not be removed.
const maxPathBytes = 3000

func pathTooLong() error {
	return failure.New(failure.ImageHostile, "a path in the image has more than %d bytes", maxPathBytes)
}

func (t *Tree) countEntry(sizeBytes int64) error {
	t.entries++
	t.totalBytes += sizeBytes
	if t.entries > t.limits.MaxEntries {
		return failure.New(failure.ImageHostile, "the image has more than %d entries", t.limits.MaxEntries)
	}
	if sizeBytes < 0 || t.totalBytes < 0 || t.totalBytes > t.limits.MaxBytes {
		return failure.New(failure.ImageHostile, "the files of the image have more than %d GiB", t.limits.MaxBytes>>30)
	}
	return nil
}

// bounded reads what comes out of a layer that has layerBytes itself.
func (l Limits) bounded(content io.Reader, layerBytes int64) io.Reader {
	most := min(l.MaxBytes, max(l.FreeBytes, layerBytes*l.MaxRatio))
	return &boundedReader{content: content, left: most, tooMuch: l.expandsTooFar(layerBytes, most)}
}

func (l Limits) expandsTooFar(layerBytes, most int64) error {
	tooMuch := failure.New(failure.ImageHostile, "a layer of %d bytes expands to more than %d: the limit is %d times its size, or %d GiB if that is more, and %d GiB at most",
		layerBytes, most, l.MaxRatio, l.FreeBytes>>30, l.MaxBytes>>30)
	tooMuch.Details = map[string]any{"layer_bytes": layerBytes, "limit_bytes": most}
	return tooMuch
}

type boundedReader struct {
	content io.Reader
	left    int64
	tooMuch error
}

func (b *boundedReader) Read(buffer []byte) (int, error) {
	count, err := b.content.Read(buffer)
	b.left -= int64(count)
	if b.left < 0 {
		return 0, b.tooMuch
	}
	return count, err
}
