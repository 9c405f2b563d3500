// Sets in brackets.

package gitignore

import "strings"

// parseSet tells whether c is in the set that begins at pattern[p], a "[", and
// where its "]" is. It fails when the set does not end.
func parseSet(pattern string, p int, c byte) (isIn bool, end int, ok bool) {
	p++
	negated := at(pattern, p) == '!' || at(pattern, p) == '^'
	if negated {
		p++
	}
	// previous is the byte before a "-"; 0 when there is none that can begin a range.
	previous := byte(0)
	for first := true; first || at(pattern, p) != ']'; first = false {
		current := at(pattern, p)
		switch {
		case current == 0:
			return false, 0, false
		case current == '\\':
			p++
			if current = at(pattern, p); current == 0 {
				return false, 0, false
			}
			isIn = isIn || c == current
		case current == '-' && previous != 0 && at(pattern, p+1) != 0 && at(pattern, p+1) != ']':
			p++
			if at(pattern, p) == '\\' {
				p++
			}
			if at(pattern, p) == 0 {
				return false, 0, false
			}
			isIn = isIn || previous <= c && c <= pattern[p]
			current = 0
		case current == '[' && at(pattern, p+1) == ':':
			length := strings.IndexByte(pattern[p+2:], ']')
			if length < 0 {
				return false, 0, false
			}
			name, isClass := strings.CutSuffix(pattern[p+2:p+2+length], ":")
			if !isClass {
				isIn = isIn || c == '['
				break
			}
			contains, isKnown := classes[name]
			if !isKnown {
				return false, 0, false
			}
			isIn = isIn || contains(c)
			p += 2 + length
			current = 0
		default:
			isIn = isIn || c == current
		}
		previous = current
		p++
	}
	return isIn != negated, p, true
}

// classes are those of the C locale, ctype.h.
var classes = map[string]func(byte) bool{
	"alnum":  func(c byte) bool { return isAlpha(c) || isDigit(c) },
	"alpha":  isAlpha,
	"blank":  func(c byte) bool { return c == ' ' || c == '\t' },
	"cntrl":  func(c byte) bool { return c < ' ' || c == 0x7f },
	"digit":  isDigit,
	"graph":  func(c byte) bool { return ' ' < c && c < 0x7f },
	"lower":  isLower,
	"print":  func(c byte) bool { return ' ' <= c && c < 0x7f },
	"punct":  func(c byte) bool { return ' ' < c && c < 0x7f && !isAlpha(c) && !isDigit(c) },
	"space":  func(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' },
	"upper":  isUpper,
	"xdigit": func(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' },
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }
func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
func isAlpha(c byte) bool { return isLower(c) || isUpper(c) }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }
