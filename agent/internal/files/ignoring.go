// What git ignores in a tree that is walked.

package files

import (
	"strings"

	"golang.org/x/sys/unix"

	"pyro-mcp/agent/internal/gitignore"
)

const (
	ignoreFile  = ".gitignore"
	excludeFile = ".git/info/exclude"
	// maxIgnoreBytes is far more than people write; a file beyond it has no rules.
	maxIgnoreBytes = 1 << 20
	// matchSteps lets hundreds of rules be tried on a million paths, and ends
	// after seconds whatever the rules are. Then nothing more is ignored.
	matchSteps = 1 << 29
	// maxCounted bounds how far ignored directories are counted.
	maxCounted = 1_000_000
)

// ignoring knows the rules for the directory that a walk is in.
type ignoring struct {
	// layers are in force, the innermost last, which goes before.
	layers []layer
	budget *gitignore.Budget
	// everything is ignored, since the walk begins in an ignored directory.
	everything bool
	found      ignoredList
	counted    int
}

// layer has the rules of one file.
type layer struct {
	// base is the directory that they are about, a path below the root.
	base  string
	rules gitignore.Rules
}

// newIgnoring reads the rules that hold for the directory path.
func newIgnoring(r *root, path string) *ignoring {
	i := &ignoring{budget: gitignore.NewBudget(matchSteps), found: ignoredList{walked: path}}
	if held, err := r.open(excludeFile, 0); err == nil {
		i.add("", r.readRules(held))
		held.close()
	}
	if path == "" {
		return i
	}
	// Those of the directory itself are read when it is listed.
	above := ""
	for name := range strings.SplitSeq(path, "/") {
		if folder, err := r.open(above, unix.O_DIRECTORY); err == nil {
			i.enter(r, above, folder)
			folder.close()
		}
		above = join(above, name)
		i.everything = i.everything || i.isIgnored(above, true)
	}
	return i
}

// enter adds the rules in folder, which is at path below the root.
func (i *ignoring) enter(r *root, path string, folder descriptor) {
	held, err := openat(folder, ignoreFile, unix.O_PATH|unix.O_NOFOLLOW, 0)
	if err != nil {
		return
	}
	defer held.close()
	i.add(path, r.readRules(held))
}

func (i *ignoring) add(base string, content []byte) {
	if rules := gitignore.Parse(content); rules.Count() > 0 {
		i.layers = append(i.layers, layer{base, rules})
	}
}

// readRules reads a file of rules, which is open for O_PATH. What is no file, or
// cannot be read, has no rules, as for git.
func (r *root) readRules(held descriptor) []byte {
	stat, err := held.stat()
	if err != nil || !isRegular(&stat) || stat.Size > maxIgnoreBytes {
		return nil
	}
	file, err := r.service.reopen(held, unix.O_RDONLY|unix.O_NONBLOCK)
	if err != nil {
		return nil
	}
	defer file.close()
	content := make([]byte, stat.Size)
	n, err := file.readAt(content, 0)
	if err != nil {
		return nil
	}
	return content[:n]
}

// isIgnored judges a path below the root, in a directory that is not ignored.
func (i *ignoring) isIgnored(path string, isDirectory bool) bool {
	if i.everything {
		return true
	}
	for n := len(i.layers) - 1; n >= 0; n-- {
		below := path
		if base := i.layers[n].base; base != "" {
			below = path[len(base)+1:]
		}
		switch i.layers[n].rules.Match(below, isDirectory, i.budget) {
		case gitignore.Ignored:
			return true
		case gitignore.Included:
			return false
		}
	}
	return false
}

// note reports an ignored path, and counts what is in it.
func (i *ignoring) note(t *tree, path, below string, isDirectory bool) {
	count := uint64(1)
	if isDirectory {
		count += i.count(t, below)
	}
	i.found.add(path, count)
}

// count tells how much there is in the directory below, by its name alone.
func (i *ignoring) count(t *tree, below string) (count uint64) {
	waiting := []string{below}
	for len(waiting) > 0 && i.counted < maxCounted && t.ctx.Err() == nil {
		last := len(waiting) - 1
		next := waiting[last]
		waiting = waiting[:last]
		folder, err := openBelow(t.top, next, unix.O_DIRECTORY)
		if err != nil {
			continue
		}
		names, err := folder.names()
		if err == nil {
			count += uint64(len(names))
			i.counted += len(names)
			for _, entry := range names {
				if folder.isDirectory(entry) {
					waiting = append(waiting, join(next, entry.name))
				}
			}
		}
		folder.close()
	}
	return count
}
