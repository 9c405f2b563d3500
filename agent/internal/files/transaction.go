// The state of a commit: the ways back, and the directories that it works in.

package files

import (
	"errors"

	"connectrpc.com/connect"
	"golang.org/x/sys/unix"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

type transaction struct {
	root   *root
	stage  *stage
	result *agentv1.ApplyResponse
	// undo has the ways back, in the order of the changes. They name directories
	// by their paths, since there may be more than can be held open: at its turn
	// each finds the tree as it was when it was made.
	undo []func() error
	// known are the directories whose times were noted.
	known   map[string]bool
	folders *folderCache
}

// enter opens the directory path, in which something is about to change. The
// descriptor belongs to the transaction, and is good until the next change.
func (t *transaction) enter(path string) (descriptor, error) {
	fd, isNew, err := t.folders.open(path)
	if err == unix.ENOTDIR {
		return closed, refuse(connect.CodeFailedPrecondition, path, "%s is not a directory", printable(path))
	}
	if err != nil || !isNew {
		return fd, err
	}
	return fd, t.noteTimes(path, fd)
}

// forget closes the directory used last when old, which is gone, may have been
// on the way to it.
func (t *transaction) forget(old *unix.Stat_t) {
	if old == nil || !isRegular(old) {
		t.folders.close()
	}
}

// enterOrMake does the same, and makes the directory and its parents when they
// do not exist.
func (t *transaction) enterOrMake(path string) (descriptor, error) {
	fd, err := t.enter(path)
	if err != unix.ENOENT {
		return fd, err
	}
	outer, name := split(path)
	parent, err := t.enterOrMake(outer)
	if err != nil {
		return closed, err
	}
	if err := t.makeEmpty(outer, parent, name, newDirectoryMode); err != nil {
		return closed, err
	}
	return t.enter(path)
}

// makeEmpty makes the directory name in folder, which is open as fd.
func (t *transaction) makeEmpty(folder string, fd descriptor, name string, mode uint32) error {
	path := join(folder, name)
	err := unix.Mkdirat(int(fd), name, mode)
	if err == unix.EEXIST {
		return refuse(connect.CodeFailedPrecondition, path, "%s is a link that leads nowhere", printable(path))
	}
	if err != nil {
		return err
	}
	t.addUndo(folder, func(fd descriptor) error { return unix.Unlinkat(int(fd), name, unix.AT_REMOVEDIR) })
	return nil
}

// addUndo adds a way back that works in folder.
func (t *transaction) addUndo(folder string, undo func(fd descriptor) error) {
	t.undo = append(t.undo, func() error {
		fd, err := t.root.open(folder, unix.O_DIRECTORY)
		if err != nil {
			return err
		}
		defer fd.close()
		return undo(fd)
	})
}

// noteTimes lets the times of a directory come back with what was in it.
func (t *transaction) noteTimes(path string, fd descriptor) error {
	if t.known[path] {
		return nil
	}
	stat, err := fd.stat()
	if err != nil {
		return err
	}
	t.known[path] = true
	t.addUndo(path, func(fd descriptor) error {
		err := t.root.service.setTimes(fd, stat.Atim, stat.Mtim)
		if errors.Is(err, unix.EPERM) {
			// Somebody else's directory, on a host: its times are lost.
			return nil
		}
		return err
	})
	return nil
}
