// Ignored paths, as many as the host wants to hear of.

package files

import (
	"bytes"
	"slices"
	"strings"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

// maxIgnored bounds the paths that one walk reports.
const maxIgnored = 1000

// ignoredList is short however much is ignored: when it becomes too long, what is
// in one directory at the top of the walk becomes one entry, and then the rest
// becomes one of the walked directory itself.
type ignoredList struct {
	// walked is the directory that is walked, below the root.
	walked string
	kept   []*agentv1.Ignored
	// merged are entries for all that is in one directory, by its path.
	merged map[string]*agentv1.Ignored
}

func (l *ignoredList) add(path string, count uint64) {
	if entry := l.mergedFor(path); entry != nil {
		entry.EntryCount += count
		return
	}
	l.kept = append(l.kept, &agentv1.Ignored{Path: []byte(path), EntryCount: count})
	if len(l.kept) > maxIgnored {
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

// merge makes one entry of those below each directory at the top, or, where that
// is not enough, of all.
func (l *ignoredList) merge() {
	former := l.kept
	l.kept, l.merged = nil, map[string]*agentv1.Ignored{}
	for _, entry := range former {
		l.mergeInto(l.top(string(entry.GetPath())), entry.GetEntryCount())
	}
	if len(l.kept) <= maxIgnored/2 {
		return
	}
	former = l.kept
	l.kept, l.merged = nil, map[string]*agentv1.Ignored{}
	for _, entry := range former {
		l.mergeInto(l.walked, entry.GetEntryCount())
	}
}

func (l *ignoredList) mergeInto(path string, count uint64) {
	entry := l.merged[path]
	if entry == nil {
		entry = &agentv1.Ignored{Path: []byte(path)}
		l.merged[path] = entry
		l.kept = append(l.kept, entry)
	}
	entry.EntryCount += count
}

// sorted is the list in the order of the paths' bytes.
func (l *ignoredList) sorted() []*agentv1.Ignored {
	slices.SortFunc(l.kept, func(a, b *agentv1.Ignored) int { return bytes.Compare(a.GetPath(), b.GetPath()) })
	return l.kept
}
