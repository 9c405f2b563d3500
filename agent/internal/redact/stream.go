// One stream of bytes, redacted as it passes.

package redact

import (
	"cmp"
	"slices"
)

// betraying is how many symbols of a pattern are too many to be let go. Fewer
// are what any text may end with, a prompt for one.
const betraying = 6

// Stream holds back what may become a secret until that is known. However its
// bytes are cut into chunks, what it lets go together is the same.
type Stream struct {
	scanners []scanner
	// held are the bytes that were not let go; the first is at offset.
	held   []byte
	offset int64
	// found are the secrets that were not yet reached.
	found []span
	// covered is where the last secret that was taken out ends.
	covered int64
}

// Write takes the next bytes and returns what may be seen now. The result is
// valid until the next call or while chunk is, and may be chunk itself.
func (s *Stream) Write(chunk []byte) []byte {
	if len(s.scanners) == 0 {
		return chunk
	}
	from := s.offset + int64(len(s.held))
	for i := range s.scanners {
		s.scanners[i].scan(chunk, from)
	}
	end := from + int64(len(chunk))
	limit := s.openFrom(end, 0)
	if len(s.held) == 0 && limit == end && len(s.found) == 0 && s.covered <= s.offset {
		s.offset = end
		return chunk
	}
	s.held = append(s.held, chunk...)
	return s.release(limit)
}

// Quiet returns what was held back although it is only the first few symbols of
// a secret, so that a prompt is seen while its program waits. A secret that
// begins with it is still taken out, but for those.
func (s *Stream) Quiet() []byte {
	return s.release(s.openFrom(s.offset+int64(len(s.held)), betraying))
}

// End returns the rest. Nothing may be written afterwards.
func (s *Stream) End() []byte {
	for i := range s.scanners {
		s.scanners[i].endEscape()
	}
	s.openFrom(0, 0)
	return s.release(s.offset + int64(len(s.held)))
}

// openFrom collects what was found, and returns where the first bytes begin that
// may become a pattern of which at least minDepth symbols are there; else end.
func (s *Stream) openFrom(end int64, minDepth int) int64 {
	limit := end
	for i := range s.scanners {
		s.found = append(s.found, s.scanners[i].take()...)
		if start, depth := s.scanners[i].open(end); depth >= minDepth {
			limit = min(limit, start)
		}
	}
	return limit
}

// release lets go of the bytes before limit, with the names of secrets in their
// places. Secrets that overlap are one, named after the one that begins first.
func (s *Stream) release(limit int64) []byte {
	limit = max(limit, s.offset)
	slices.SortFunc(s.found, func(a, b span) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end), cmp.Compare(a.secret, b.secret))
	})
	var shown []byte
	reached := 0
	for _, secret := range s.found {
		if secret.start >= limit {
			break
		}
		reached++
		if secret.start >= s.covered {
			shown = append(shown, s.plain(secret.start)...)
			shown = append(shown, "[redacted:"+secret.secret+"]"...)
		}
		s.covered = max(s.covered, secret.end)
	}
	s.found = s.found[reached:]
	shown = append(shown, s.plain(limit)...)
	s.held = s.held[limit-s.offset:]
	s.offset = limit
	return shown
}

// plain returns the bytes up to end that no secret covers.
func (s *Stream) plain(end int64) []byte {
	start := max(s.offset, s.covered)
	if start >= end {
		return nil
	}
	return s.held[start-s.offset : end-s.offset]
}
