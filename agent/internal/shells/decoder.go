// Bytes of a terminal into text, however they are split.

package shells

import "unicode/utf8"

// decoder makes valid UTF-8 of what comes in pieces: every byte that belongs to
// no character becomes U+FFFD.
type decoder struct {
	// rest begins a character that the next piece may end; shorter than
	// utf8.UTFMax.
	rest []byte
}

// decode appends the text of piece to text.
func (d *decoder) decode(text, piece []byte) []byte {
	if len(d.rest) > 0 {
		piece = append(d.rest, piece...)
		d.rest = nil
	}
	for len(piece) > 0 {
		valid := validPrefix(piece)
		text = append(text, piece[:valid]...)
		piece = piece[valid:]
		if len(piece) == 0 {
			break
		}
		if !utf8.FullRune(piece) {
			d.rest = append([]byte(nil), piece...)
			break
		}
		text = utf8.AppendRune(text, utf8.RuneError)
		piece = piece[1:]
	}
	return text
}

// finish appends what is left: no piece follows.
func (d *decoder) finish(text []byte) []byte {
	for range d.rest {
		text = utf8.AppendRune(text, utf8.RuneError)
	}
	d.rest = nil
	return text
}

// validPrefix is the length of the longest prefix of whole, valid characters.
func validPrefix(piece []byte) int {
	for i := 0; i < len(piece); {
		if piece[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(piece[i:])
		if r == utf8.RuneError && size <= 1 {
			return i
		}
		i += size
	}
	return len(piece)
}
