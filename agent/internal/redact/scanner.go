// One view's search through one stream.

package redact

import "slices"

// maxLineEnd is CR LF: what may stand between two symbols of base64. An endless
// line of line ends would otherwise be held back for ever.
const maxLineEnd = 2

// span are the bytes of the stream from start to before end, by their offsets.
type span struct {
	start, end int64
	secret     string
}

// scanner reads a stream as symbols of its view and finds the patterns.
type scanner struct {
	*searched
	view  View
	state int32
	// starts are the offsets at which the symbols of state begin.
	starts []int64
	// escape is a "%" and what follows, until it is known what they are.
	escape      []byte
	escapeStart int64
	// lineEnd counts the bytes since the last symbol of base64.
	lineEnd int
	found   []span
}

// scan reads the bytes that begin at offset.
func (s *scanner) scan(chunk []byte, offset int64) {
	for i, b := range chunk {
		// Most bytes begin nothing.
		if s.state == root && len(s.escape) == 0 && !s.machine.first[s.symbolOf(b)] && b != '%' {
			continue
		}
		s.read(b, offset+int64(i))
	}
}

// symbolOf folds the spellings of one symbol into one.
func (s *scanner) symbolOf(b byte) byte {
	switch {
	case s.view == URL && b == '+':
		return ' '
	case s.view == Base64 && b == '-':
		return '+'
	case s.view == Base64 && b == '_':
		return '/'
	}
	return b
}

func (s *scanner) read(b byte, at int64) {
	switch s.view {
	case URL:
		s.readURL(b, at)
	case Base64:
		s.readBase64(b, at)
	default:
		s.advance(b, at, at+1)
	}
}

func (s *scanner) readURL(b byte, at int64) {
	digit, isHex := hexDigit(b)
	switch {
	case len(s.escape) == 0 && b == '%':
		s.escape, s.escapeStart = append(s.escape, b), at
	case len(s.escape) == 1 && isHex:
		s.escape = append(s.escape, b)
	case len(s.escape) == 2 && isHex:
		high, _ := hexDigit(s.escape[1])
		s.escape = s.escape[:0]
		s.advance(s.symbolOf(high<<4|digit), s.escapeStart, at+1)
	case len(s.escape) > 0:
		s.endEscape()
		s.readURL(b, at)
	default:
		s.advance(s.symbolOf(b), at, at+1)
	}
}

// endEscape takes what looked like an escape as it is.
func (s *scanner) endEscape() {
	literal, start := s.escape, s.escapeStart
	s.escape = nil
	for i, b := range literal {
		s.advance(s.symbolOf(b), start+int64(i), start+int64(i)+1)
	}
}

func (s *scanner) readBase64(b byte, at int64) {
	if b != '\r' && b != '\n' {
		s.lineEnd = 0
		s.advance(s.symbolOf(b), at, at+1)
		return
	}
	if s.lineEnd++; s.lineEnd > maxLineEnd {
		s.state, s.starts = root, s.starts[:0]
	}
}

// advance takes one symbol, which stands from start to before end.
func (s *scanner) advance(symbol byte, start, end int64) {
	s.state = s.machine.step(s.state, symbol)
	s.starts = append(s.starts, start)
	if match := s.machine.nodes[s.state].match; match != noMatch {
		pattern := s.patterns[match]
		first := s.starts[len(s.starts)-len(pattern.Symbols)]
		s.found = append(s.found, span{start: first, end: end, secret: pattern.Secret})
	}
	s.state = s.machine.rest(s.state)
	s.starts = s.starts[len(s.starts)-int(s.machine.nodes[s.state].depth):]
}

// open returns where the bytes begin that may become a pattern, and how many
// symbols of one they are; end when there are none.
func (s *scanner) open(end int64) (start int64, depth int) {
	switch {
	case len(s.starts) > 0:
		return s.starts[0], len(s.starts)
	case len(s.escape) > 0:
		return s.escapeStart, 0
	}
	return end, 0
}

// take hands over what was found.
func (s *scanner) take() []span {
	found := s.found
	s.found = slices.Clip(found[len(found):])
	return found
}

func hexDigit(b byte) (byte, bool) {
	switch {
	case '0' <= b && b <= '9':
		return b - '0', true
	case 'a' <= b && b <= 'f':
		return b - 'a' + 10, true
	case 'A' <= b && b <= 'F':
		return b - 'A' + 10, true
	}
	return 0, false
}
