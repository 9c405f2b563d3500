// Ignored paths, as many as the host wants to hear of.

package files

import (
	"bytes"
	"slices"
	"strings"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

const (
	// maxIgnored bounds the paths that one walk reports.
	maxIgnored = 1000
	// maxIgnoredNames bounds their bytes: they are all in one message.
	maxIgnoredNames = 1 << 20
)

// ignoredList is short however much is ignored: when it becomes too long, what is
// in one directory at the top of the walk becomes one entry, and then the rest
// becomes one of the walked directory itself.
type ignoredList struct {
	// walked is the directory that is walked, below the root.
	walked string
	kept   []*agentv1.Ignored
	// names is how many bytes the kept paths have.
	names int
	// merged are entries for all that is in one directory, by its path.
	merged map[string]*agentv1.Ignored
}

func (l *ignoredList) add(path string, count uint64) {
	if entry := l.mergedFor(path); entry != nil {
		entry.EntryCount += count
		return
	}
	l.keep(&agentv1.Ignored{Path: []byte(path), EntryCount: count})
	if len(l.kept) > maxIgnored || l.names > maxIgnoredNames {
		l.merge()
	}
}

// mergedFor finds the entry that path belongs to.
func (l *ignoredList) mergedFor(path string) *agentv1.Ignored {
	if entry := l.merged[l.walked]; entry != nil {
		return entry
	}
	return l.merged[l.top(path)]
}

// top is the first directory on the way from the walked one to path, or path.
func (l *ignoredList) top(path string) string {
	start := 0
	if l.walked != "" {
		start = len(l.walked) + 1
	}
	if slash := strings.IndexByte(path[start:], '/'); slash >= 0 {
		return path[:start+slash]
	}
	return path
}

func (l *ignoredList) keep(entry *agentv1.Ignored) {
	l.kept = append(l.kept, entry)
	l.names += len(entry.GetPath())
}

// merge makes one entry of those below each directory at the top, or, where that
// does not help enough, of all.
func (l *ignoredList) merge() {
	l.mergeBy(l.top)
	if len(l.kept) > maxIgnored/2 || l.names > maxIgnoredNames/2 {
		l.mergeBy(func(string) string { return l.walked })
	}
}

// mergeBy makes one entry of those for which to is the same path.
func (l *ignoredList) mergeBy(to func(path string) string) {
	former := l.kept
	l.kept, l.names, l.merged = nil, 0, map[string]*agentv1.Ignored{}
	for _, entry := range former {
		path := to(string(entry.GetPath()))
		if l.merged[path] == nil {
			l.merged[path] = &agentv1.Ignored{Path: []byte(path)}
			l.keep(l.merged[path])
		}
		l.merged[path].EntryCount += entry.GetEntryCount()
	}
}

// sorted is the list in the order of the paths' bytes.
func (l *ignoredList) sorted() []*agentv1.Ignored {
	slices.SortFunc(l.kept, func(a, b *agentv1.Ignored) int { return bytes.Compare(a.GetPath(), b.GetPath()) })
	return l.kept
}
