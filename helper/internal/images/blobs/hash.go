// Small parts around hashes.

package blobs

import (
	"encoding/hex"
	"hash"
	"io"
)

func hexOf(hasher hash.Hash) string { return hex.EncodeToString(hasher.Sum(nil)) }

// writerOnly and readerOnly hide faster ways to copy, which would not use the
// buffer that was given.
type (
	writerOnly struct{ io.Writer }
	readerOnly struct{ io.Reader }
)
