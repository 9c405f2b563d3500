// The folders that entries lie in.

package unpack

import (
	"errors"
	"strings"

	"golang.org/x/sys/unix"
)

// openFolder is the folder of the entry before, which is mostly that of the next, too.
type openFolder struct {
	path      string
	fd        int
	pathBytes int
	// isStale: a directory or a link has gone, so that the path may now lead elsewhere.
	isStale bool
}

// folderOf opens path, which is relative to the root and free of dots, and
// makes what is missing. The descriptor stays the tree's.
func (t *Tree) folderOf(path string) (*openFolder, error) {
	found, err := t.findFolder(path)
	if err == nil || !isMissing(err) {
		return found, err
	}
	if err := t.makeFolders(path); err != nil {
		return nil, err
	}
	return t.findFolder(path)
}

// findFolder is folderOf without making anything.
func (t *Tree) findFolder(path string) (*openFolder, error) {
	if t.parent.fd >= 0 && t.parent.path == path && !t.parent.isStale {
		return &t.parent, nil
	}
	fd, err := t.resolve(path)
	if err != nil {
		return nil, err
	}
	inode, err := inodeOf(fd)
	if err != nil {
		return nil, errors.Join(err, unix.Close(fd))
	}
	t.closeParent()
	t.parent = openFolder{path: path, fd: fd, pathBytes: t.folders[inode].pathBytes}
	return &t.parent, nil
}

func (t *Tree) closeParent() {
	if t.parent.fd >= 0 {
		_ = unix.Close(t.parent.fd)
	}
	t.parent = openFolder{fd: -1}
}

// resolve opens a directory below the root, following links as a process does
// whose root it is.
func (t *Tree) resolve(path string) (int, error) {
	if path == "" {
		path = "."
	}
	how := unix.OpenHow{
		Flags:   unix.O_PATH | unix.O_DIRECTORY | unix.O_CLOEXEC,
		Resolve: unix.RESOLVE_IN_ROOT | unix.RESOLVE_NO_MAGICLINKS,
	}
	for {
		fd, err := unix.Openat2(t.root, path, &how)
		// EAGAIN: somewhere on the host something was renamed during a "..", openat2(2).
		if !errors.Is(err, unix.EAGAIN) && !errors.Is(err, unix.EINTR) {
			return fd, err
		}
	}
}

// isMissing holds for a path that makeFolders can make.
func isMissing(err error) bool {
	return errors.Is(err, unix.ENOENT) || errors.Is(err, unix.ENOTDIR) || errors.Is(err, unix.ELOOP)
}

// makeFolders makes each missing part of path. A file, or a link to nowhere, in
// the place of one gives way, as it would to an entry of its own.
func (t *Tree) makeFolders(path string) error {
	made := ""
	for part := range strings.SplitSeq(path, "/") {
		next := strings.TrimPrefix(made+"/"+part, "/")
		if _, err := t.findFolder(next); err != nil {
			if !isMissing(err) {
				return err
			}
			parent, err := t.findFolder(made)
			if err != nil {
				return err
			}
			if err := t.makeFolder(parent, part, folder{mode: impliedMode}); err != nil {
				return err
			}
		}
		made = next
	}
	return nil
}

// makeFolder makes a directory, or takes the one that is there, as wanted.
func (t *Tree) makeFolder(parent *openFolder, name string, wanted folder) error {
	wanted.pathBytes = parent.pathBytes + 1 + len(name)
	if wanted.pathBytes > maxPathBytes {
		return pathTooLong()
	}
	err := unix.Mkdirat(parent.fd, name, 0o700)
	if errors.Is(err, unix.EEXIST) {
		var stat unix.Stat_t
		if err := unix.Fstatat(parent.fd, name, &stat, unix.AT_SYMLINK_NOFOLLOW); err != nil {
			return err
		}
		if stat.Mode&unix.S_IFMT == unix.S_IFDIR {
			return t.rememberFolder(parent, name, wanted)
		}
		if err := t.remove(parent.fd, name); err != nil {
			return err
		}
		err = unix.Mkdirat(parent.fd, name, 0o700)
	}
	if err != nil {
		return err
	}
	return t.rememberFolder(parent, name, wanted)
}

func (t *Tree) rememberFolder(parent *openFolder, name string, wanted folder) error {
	inode, err := inodeAt(parent.fd, name)
	if err != nil {
		return err
	}
	t.folders[inode] = wanted
	t.markFresh(inode)
	return nil
}

func (t *Tree) markFresh(inode uint64) {
	if t.fresh != nil {
		t.fresh[inode] = struct{}{}
	}
}
