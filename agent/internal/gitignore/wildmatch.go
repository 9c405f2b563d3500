// Git's own globs: its wildmatch, in bytes.

package gitignore

import "strings"

// outcome of an attempt. The aborts keep the number of attempts from growing
// with each star: they say that no later start can do better either.
type outcome int

const (
	match outcome = iota
	noMatch
	// abortAll: the text is too short for the rest of the pattern.
	abortAll
	// abortToStarStar: only a "**" before this could still match.
	abortToStarStar
)

// wildmatch compares all of text. With inPath a "/" is matched by a "/" or by
// "**" only.
func wildmatch(pattern, text string, inPath bool, budget *Budget) bool {
	w := wild{inPath: inPath, budget: budget}
	return w.match(pattern, text) == match
}

type wild struct {
	inPath bool
	budget *Budget
}

// at is the byte at i, and 0 behind the end, as patterns have no NUL.
func at(s string, i int) byte {
	if i < len(s) {
		return s[i]
	}
	return 0
}

func (w *wild) match(pattern, text string) outcome {
	t := 0
	for p := 0; p < len(pattern); p, t = p+1, t+1 {
		if !w.budget.spend(1) {
			return abortAll
		}
		if t >= len(text) && pattern[p] != '*' {
			return abortAll
		}
		switch pattern[p] {
		case '\\':
			p++
			// A backslash at the end matches nothing.
			if p >= len(pattern) || text[t] != pattern[p] {
				return noMatch
			}
		case '?':
			if w.inPath && text[t] == '/' {
				return noMatch
			}
		case '*':
			stars := p
			for at(pattern, p+1) == '*' {
				p++
			}
			isDone, next, result := w.star(pattern, stars, p+1, text, t)
			if isDone {
				return result
			}
			p, t = next.pattern-1, next.text-1
		case '[':
			set, end, ok := parseSet(pattern, p, text[t])
			if !ok {
				return abortAll
			}
			if !set || w.inPath && text[t] == '/' {
				return noMatch
			}
			p = end
		default:
			if text[t] != pattern[p] {
				return noMatch
			}
		}
	}
	if t < len(text) {
		return noMatch
	}
	return match
}

// position is a place in the pattern and one in the text.
type position struct{ pattern, text int }

// star goes on from stars that begin at pattern[first] and end before
// pattern[p]. It either finds the outcome, or the position to go on at.
func (w *wild) star(pattern string, first, p int, text string, t int) (isDone bool, next position, result outcome) {
	crossesSlash := !w.inPath
	if w.inPath && p-first > 1 {
		isAlone := (first == 0 || pattern[first-1] == '/') &&
			(p == len(pattern) || pattern[p] == '/' || strings.HasPrefix(pattern[p:], `\/`))
		if isAlone {
			// "**/" may also stand for nothing.
			if at(pattern, p) == '/' && w.match(pattern[p+1:], text[t:]) == match {
				return true, next, match
			}
			crossesSlash = true
		}
	}
	if p == len(pattern) {
		if !crossesSlash && strings.Contains(text[t:], "/") {
			return true, next, abortToStarStar
		}
		return true, next, match
	}
	if !crossesSlash && pattern[p] == '/' {
		slash := strings.IndexByte(text[t:], '/')
		if slash < 0 {
			return true, next, abortAll
		}
		return false, position{p, t + slash}, match
	}
	return true, next, w.tryEach(pattern[p:], text[t:], crossesSlash)
}

// tryEach lets a star take more and more of text, until rest matches what is left.
func (w *wild) tryEach(rest, text string, crossesSlash bool) outcome {
	for t := 0; t < len(text); t++ {
		if !strings.ContainsRune(special, rune(rest[0])) {
			// Straight to the next place where the rest can begin.
			for t < len(text) && text[t] != rest[0] && (crossesSlash || text[t] != '/') {
				if !w.budget.spend(1) {
					return abortAll
				}
				t++
			}
			if t == len(text) || text[t] != rest[0] {
				if crossesSlash {
					return abortAll
				}
				return abortToStarStar
			}
		}
		result := w.match(rest, text[t:])
		if result != noMatch {
			if !crossesSlash || result != abortToStarStar {
				return result
			}
		} else if !crossesSlash && text[t] == '/' {
			return abortToStarStar
		}
	}
	return abortAll
}
