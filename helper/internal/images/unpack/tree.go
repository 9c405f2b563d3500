// Package unpack makes a directory tree of an image's layers.
//
// Layers are written by strangers. No path in them is given to the kernel as it
// is: the folder of an entry is resolved by openat2 with RESOLVE_IN_ROOT, which
// keeps all links and dots below the root, and everything else is done in that
// folder's descriptor with a single name.
package unpack

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"

	"pyro-mcp/helper/internal/images/failure"
)

// Tree is a root directory that layers are put into, one after the other.
type Tree struct {
	root   int
	limits Limits
	// ownsFiles: owners can be kept.
	ownsFiles bool
	notes     notes
	// folders holds each directory below the root, and the root, by inode. What
	// they are to look like in the end waits here: a directory that nobody may
	// write to has to be filled first, and times change with every entry.
	folders map[uint64]folder
	// fresh are the inodes that the present layer has made. Whiteouts do not apply to them.
	fresh  map[uint64]struct{}
	parent openFolder
	buffer []byte

	entries    int
	totalBytes int64
}

// folder is a directory as it will be.
type folder struct {
	mode uint32
	time unix.Timespec
	// pathBytes is the length of the path below the root.
	pathBytes int
}

// impliedMode is of directories that an image uses without naming them.
const impliedMode = 0o755

// copyBytes is also the size of the holes that are kept.
const copyBytes = 64 << 10

// Open takes an empty directory. The caller closes the tree.
func Open(directory string, limits Limits) (*Tree, error) {
	entries, err := os.ReadDir(directory)
	if err != nil {
		return nil, failure.Storage(err, "the directory for the image cannot be read")
	}
	if len(entries) > 0 {
		return nil, failure.New(failure.InvalidInput, "the directory for the image is not empty")
	}
	root, err := unix.Open(directory, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, failure.Storage(err, "the directory for the image cannot be opened")
	}
	inode, err := inodeOf(root)
	if err != nil {
		return nil, errors.Join(failure.Storage(err, "the directory for the image cannot be examined"), unix.Close(root))
	}
	return &Tree{
		root: root, limits: limits, ownsFiles: os.Geteuid() == 0, notes: notes{},
		folders: map[uint64]folder{inode: {mode: impliedMode}},
		parent:  openFolder{fd: -1}, buffer: make([]byte, copyBytes),
	}, nil
}

// Close lets go of the directory.
func (t *Tree) Close() error {
	t.closeParent()
	return unix.Close(t.root)
}

func inodeOf(fd int) (uint64, error) {
	var stat unix.Stat_t
	err := unix.Fstat(fd, &stat)
	return stat.Ino, err
}

func inodeAt(directory int, name string) (uint64, error) {
	var stat unix.Stat_t
	err := unix.Fstatat(directory, name, &stat, unix.AT_SYMLINK_NOFOLLOW)
	return stat.Ino, err
}
