// Going through a tree of directories.

package files

import (
	"context"
	"errors"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

// tree is walked in the order of paths' bytes. So nothing is kept but the
// directories on the way, however much there is in it.
type tree struct {
	ctx context.Context
	// top is the directory that is walked, path its path below the root.
	top  descriptor
	path string
	// recursive is false when only what is in top itself is wanted.
	recursive bool
	skipGit   bool
	// root is that of the call, ignoring what git ignores; nil when all is wanted.
	root     *root
	ignoring *ignoring
	// report is told each entry, with its path below top.
	report func(below string, entry *agentv1.Entry) error
	// incomplete tells that something could not be listed: entries that no path can
	// name, or, on a host, directories that are not for us to read.
	incomplete bool
}

// step is one thing to do in a directory: to report a name, or to go below it.
type step struct {
	// key orders a name and what is below it as the whole paths are ordered.
	key     string
	entry   *agentv1.Entry
	descend bool
}

func (t *tree) walk() error { return t.folder("") }

// folder reports what is in the directory below, a path below top.
func (t *tree) folder(below string) error {
	if err := t.ctx.Err(); err != nil {
		return err
	}
	if t.ignoring != nil {
		outer := len(t.ignoring.layers)
		defer func() { t.ignoring.layers = t.ignoring.layers[:outer] }()
	}
	steps, err := t.list(below)
	if err != nil {
		return err
	}
	for _, step := range steps {
		if step.descend {
			err = t.below(join(below, strings.TrimSuffix(step.key, "/")))
		} else {
			err = t.report(join(below, step.key), step.entry)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// below goes into a directory that was listed. What was seen of it stands when
// it has gone meanwhile.
func (t *tree) below(path string) error {
	err := t.folder(path)
	switch {
	case isGone(err):
		return nil
	case errors.Is(err, unix.EACCES):
		t.incomplete = true
		return nil
	}
	return err
}

// list reads the directory below.
func (t *tree) list(below string) ([]step, error) {
	folder, err := openBelow(t.top, below, unix.O_DIRECTORY)
	if err != nil {
		return nil, err
	}
	defer folder.close()
	names, err := folder.names()
	if err != nil {
		return nil, err
	}
	path := join(t.path, below)
	if t.ignoring != nil && slices.ContainsFunc(names, func(entry dirent) bool { return entry.name == ignoreFile }) {
		t.ignoring.enter(t.root, path, folder)
	}
	steps := make([]step, 0, len(names))
	for _, each := range names {
		if steps, err = t.appendSteps(steps, folder, path, below, each); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(steps, func(a, b step) int { return strings.Compare(a.key, b.key) })
	return steps, nil
}

// appendSteps adds what is to be done about one name in folder.
func (t *tree) appendSteps(steps []step, folder descriptor, path, below string, each dirent) ([]step, error) {
	if each.name == ".git" && t.skipGit {
		return steps, nil
	}
	if len(path)+1+len(each.name) >= maxPathBytes {
		t.incomplete = true
		return steps, nil
	}
	whole := join(path, each.name)
	if t.ignoring != nil {
		isDirectory := folder.isDirectory(each)
		if t.ignoring.isIgnored(whole, isDirectory) {
			t.ignoring.note(t, whole, join(below, each.name), isDirectory)
			return steps, nil
		}
	}
	entry, err := describe(whole, folder, each.name)
	if err == unix.ENOENT {
		return steps, nil
	}
	if err != nil {
		return nil, err
	}
	steps = append(steps, step{key: each.name, entry: entry})
	if t.recursive && entry.GetMode()&unix.S_IFMT == unix.S_IFDIR {
		steps = append(steps, step{key: each.name + "/", descend: true})
	}
	return steps, nil
}

// isGone tells whether a path leads nowhere, or not any more.
func isGone(err error) bool {
	return errors.Is(err, unix.ENOENT) || errors.Is(err, unix.ENOTDIR) || errors.Is(err, unix.ELOOP)
}
