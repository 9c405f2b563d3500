// Counting bytes on their way.

package pull

import (
	"sync/atomic"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

type progress struct {
	report func(phase Phase, doneBytes, totalBytes int64)
	total  int64
	here   atomic.Int64
	// unpacked is of the layers as they were downloaded.
	unpacked int64
}

func newProgress(report func(Phase, int64, int64), layers []v1.Descriptor) *progress {
	p := &progress{report: report}
	for _, each := range layers {
		p.total += each.Size
	}
	return p
}

func (p *progress) downloaded(bytes int64) {
	p.report(Download, p.here.Add(bytes), p.total)
}

// Write counts what is read for unpacking. While downloads go on, they are what
// there is to wait for.
func (p *progress) Write(piece []byte) (int, error) {
	p.unpacked += int64(len(piece))
	if p.here.Load() >= p.total {
		p.report(Unpack, p.unpacked, p.total)
	}
	return len(piece), nil
}
