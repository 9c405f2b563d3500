// What a shell has printed: the latest of it, by positions in characters.

package shells

import (
	"sync"
	"time"
	"unicode/utf8"
)

const (
	// transcriptBytes is how much text of one shell is kept.
	transcriptBytes = 1 << 20
	// segmentBytes is the grain in which old text is let go of, and the longest
	// stretch in which a position is counted out.
	segmentBytes = 16 << 10
)

// transcript keeps the end of a text that grows. Its zero value is not ready.
type transcript struct {
	mu       sync.Mutex
	segments []segment
	// first is the position of the first character that is kept.
	first uint64
	total uint64
	bytes int
	// grownAt is when the last piece came, or when the transcript was made.
	grownAt time.Time
	// changed is closed, and replaced, when there is more text.
	changed chan struct{}
}

type segment struct {
	text  []byte
	chars int
}

func newTranscript() *transcript {
	return &transcript{changed: make(chan struct{}), grownAt: time.Now()}
}

// append adds valid UTF-8.
func (t *transcript) append(text []byte) {
	if len(text) == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for len(text) > 0 {
		size := len(text)
		if size > segmentBytes {
			size = segmentBytes
			for !utf8.RuneStart(text[size]) {
				size--
			}
		}
		t.add(text[:size])
		text = text[size:]
	}
	for len(t.segments) > 1 && t.bytes-len(t.segments[0].text) >= transcriptBytes {
		oldest := t.segments[0]
		t.segments[0] = segment{}
		t.segments = t.segments[1:]
		t.first += uint64(oldest.chars)
		t.bytes -= len(oldest.text)
	}
	t.grownAt = time.Now()
	close(t.changed)
	t.changed = make(chan struct{})
}

func (t *transcript) add(text []byte) {
	chars := utf8.RuneCount(text)
	last := len(t.segments) - 1
	if last < 0 || len(t.segments[last].text)+len(text) > segmentBytes {
		t.segments = append(t.segments, segment{text: append([]byte(nil), text...), chars: chars})
	} else {
		t.segments[last].text = append(t.segments[last].text, text...)
		t.segments[last].chars += chars
	}
	t.total += uint64(chars)
	t.bytes += len(text)
}

// read returns at most maxChars from cursor on, or from the first character that
// is kept, and where that is.
func (t *transcript) read(cursor uint64, maxChars int) (from uint64, text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	cursor = min(max(cursor, t.first), t.total)
	var found []byte
	position := t.first
	for _, s := range t.segments {
		next := position + uint64(s.chars)
		if next > cursor && maxChars > 0 {
			skip := 0
			if cursor > position {
				skip = int(cursor - position)
			}
			take := min(s.chars-skip, maxChars)
			begin := offset(s, skip)
			found = append(found, s.text[begin:begin+offset(segment{text: s.text[begin:], chars: s.chars - skip}, take)]...)
			maxChars -= take
		}
		position = next
	}
	return cursor, string(found)
}

// offset is where character number chars of s begins, in bytes.
func offset(s segment, chars int) int {
	if s.chars == len(s.text) {
		return chars
	}
	at := 0
	for ; chars > 0; chars-- {
		_, size := utf8.DecodeRune(s.text[at:])
		at += size
	}
	return at
}

// state is how much there is, since when, and what tells of more.
func (t *transcript) state() (total uint64, grownAt time.Time, changed <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.total, t.grownAt, t.changed
}
