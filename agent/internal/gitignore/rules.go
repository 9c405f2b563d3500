// Package gitignore tells what .gitignore files ignore, gitignore(5), as git
// itself does: quirks included, since people see git's own answer beside ours.
// Pure: nothing here looks at the machine. Rules may come from an enemy, so
// their matching has a budget.
package gitignore

import (
	"bytes"
	"strings"
)

// Rules are those of one file.
type Rules struct{ rules []rule }

// rule is one line. Which of the flags git has for it decides how it matches.
type rule struct {
	pattern string
	negated bool
	// directory: only directories match.
	directory bool
	// path: the whole path below the file's directory is compared, not the name.
	path bool
	// literal is how many bytes of the pattern have no special meaning.
	literal int
	// suffix: the pattern is a star and text.
	suffix bool
}

// special are the bytes that mean something in a pattern.
const special = `*?[\`

// Parse reads the content of a file.
func Parse(content []byte) Rules {
	content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	var parsed Rules
	for line := range bytes.SplitSeq(content, []byte("\n")) {
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		text := string(bytes.TrimSuffix(line, []byte("\r")))
		// To git a line is a string that ends at its first NUL.
		text, _, _ = strings.Cut(text, "\x00")
		if r, ok := parseRule(trimSpaces(text)); ok {
			parsed.rules = append(parsed.rules, r)
		}
	}
	return parsed
}

// Count is the number of rules.
func (r Rules) Count() int { return len(r.rules) }

func parseRule(text string) (r rule, ok bool) {
	text, r.negated = strings.CutPrefix(text, "!")
	r.suffix = strings.HasPrefix(text, "*") && !strings.ContainsAny(text[1:], special)
	text, r.directory = strings.CutSuffix(text, "/")
	r.path = strings.Contains(text, "/")
	// A slash in front only says that the whole path is meant.
	r.pattern = strings.TrimPrefix(text, "/")
	r.literal = strings.IndexAny(r.pattern, special)
	if r.literal < 0 {
		r.literal = len(r.pattern)
	}
	return r, r.pattern != ""
}

// trimSpaces takes away the spaces at the end, but for one after a backslash.
func trimSpaces(line string) string {
	end := 0
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case ' ':
			continue
		case '\\':
			i++
		}
		end = min(i+1, len(line))
	}
	return line[:end]
}
