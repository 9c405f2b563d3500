// Rules against paths.

package gitignore

import "strings"

// Verdict is what the rules of one file say about a path.
type Verdict int

const (
	// Silent: no rule is about it.
	Silent Verdict = iota
	Ignored
	// Included: a rule with "!" is about it.
	Included
)

// Match judges path, relative to the directory of the rules' file. The last rule
// that matches decides. When the budget is spent, nothing matches any more.
func (r Rules) Match(path string, isDirectory bool, budget *Budget) Verdict {
	name := path[strings.LastIndexByte(path, '/')+1:]
	for i := len(r.rules) - 1; i >= 0; i-- {
		rule := &r.rules[i]
		if !budget.spend(1) {
			return Silent
		}
		if rule.directory && !isDirectory || !rule.matches(path, name, budget) {
			continue
		}
		if rule.negated {
			return Included
		}
		return Ignored
	}
	return Silent
}

func (r *rule) matches(path, name string, budget *Budget) bool {
	switch {
	case r.path:
		// Git compares the literal beginning apart. So to the rest a "**" may stand at the beginning.
		rest, ok := strings.CutPrefix(path, r.pattern[:r.literal])
		return ok && wildmatch(r.pattern[r.literal:], rest, true, budget)
	case r.literal == len(r.pattern):
		return name == r.pattern
	case r.suffix:
		return strings.HasSuffix(name, r.pattern[1:])
	}
	return wildmatch(r.pattern, name, false, budget)
}
