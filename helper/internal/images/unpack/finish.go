// The end: directories get what they are to look like, and everything is counted.

package unpack

import (
	"golang.org/x/sys/unix"

	"pyro-mcp/helper/internal/images/failure"
)

// Summary tells what the tree has become.
type Summary struct {
	// Entries are all names below the root.
	Entries int
	// SizeBytes is of all files, each counted once.
	SizeBytes int64
	// Notes say what could not be kept.
	Notes []string
}

// Finish is called once, after all layers.
func (t *Tree) Finish() (Summary, error) {
	w := walk{tree: t, linked: map[uint64]struct{}{}}
	if err := w.folder(t.root, "."); err != nil {
		return Summary{}, failure.Storage(err, "the tree of the image could not be finished")
	}
	return Summary{Entries: w.entries, SizeBytes: w.sizeBytes, Notes: t.notes.list()}, nil
}

// Flush returns when the tree is on the disk.
func (t *Tree) Flush() error {
	if err := unix.Syncfs(t.root); err != nil {
		return failure.Storage(err, "the tree of the image could not be flushed")
	}
	return nil
}

type walk struct {
	tree      *Tree
	entries   int
	sizeBytes int64
	// linked are the files with several names that were counted.
	linked map[uint64]struct{}
}

// folder looks at all that is in a directory, then at the directory itself: its
// last change is the one of its time.
func (w *walk) folder(directory int, name string) error {
	fd, err := unix.Openat(directory, name, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	children, err := namesIn(fd)
	if err != nil {
		return err
	}
	for _, child := range children {
		if err := w.entry(fd, child); err != nil {
			return err
		}
	}
	return w.dress(fd)
}

func (w *walk) entry(directory int, name string) error {
	w.entries++
	var stat unix.Stat_t
	if err := unix.Fstatat(directory, name, &stat, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return err
	}
	switch stat.Mode & unix.S_IFMT {
	case unix.S_IFDIR:
		return w.folder(directory, name)
	case unix.S_IFREG:
		w.countFile(stat)
	}
	return nil
}

func (w *walk) countFile(stat unix.Stat_t) {
	if stat.Nlink > 1 {
		if _, isCounted := w.linked[stat.Ino]; isCounted {
			return
		}
		w.linked[stat.Ino] = struct{}{}
	}
	w.sizeBytes += stat.Size
}

func (w *walk) dress(fd int) error {
	inode, err := inodeOf(fd)
	if err != nil {
		return err
	}
	wanted := w.tree.folders[inode]
	const ownersRights = 0o700
	if !w.tree.ownsFiles && wanted.mode&ownersRights != ownersRights {
		w.tree.notes.add(noteUnlocked)
		wanted.mode |= ownersRights
	}
	if err := unix.Fchmod(fd, wanted.mode); err != nil {
		return err
	}
	return unix.UtimesNanoAt(fd, ".", []unix.Timespec{wanted.time, wanted.time}, 0)
}
