// From the bytes of a layer to its archive.

package unpack

import (
	"bufio"
	"bytes"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

const (
	readBytes = 256 << 10
	// maxWindowBytes is zstd's limit for what every decoder takes (--long needs more), with room.
	maxWindowBytes = 64 << 20
)

var (
	gzipMagic = []byte{0x1f, 0x8b}
	zstdMagic = []byte{0x28, 0xb5, 0x2f, 0xfd}
)

// expand looks at the first bytes, not at the media type: registries hold plain
// layers that are called compressed, and the other way round.
func expand(content io.Reader) (io.ReadCloser, error) {
	buffered := bufio.NewReaderSize(content, readBytes)
	// Fails for a layer that is shorter; then it is no archive, as tar will find.
	start, _ := buffered.Peek(len(zstdMagic))
	switch {
	case bytes.HasPrefix(start, gzipMagic):
		expanded, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, malformed(err)
		}
		return expanded, nil
	case bytes.HasPrefix(start, zstdMagic):
		expanded, err := zstd.NewReader(buffered, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindowBytes))
		if err != nil {
			return nil, malformed(err)
		}
		return expanded.IOReadCloser(), nil
	default:
		return io.NopCloser(buffered), nil
	}
}
