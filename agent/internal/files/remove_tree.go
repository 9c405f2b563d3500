// Removing directories, however deep they are and whoever adds to them meanwhile.

package files

import (
	"errors"
	"strconv"

	"golang.org/x/sys/unix"
)

// removeRounds bounds the attempts at a directory that a hostile process fills
// again and again. Each round takes one level of the tree.
const removeRounds = 1 << 17

// removeTree empties the directory top, open for reading, as far as it can. It
// does not descend: directories below are brought up one level at a time, so that
// a deep tree needs neither many descriptors nor long paths.
func removeTree(top descriptor) {
	brought := 0
	for range removeRounds {
		// A second look at one descriptor has to begin at the start.
		if _, err := unix.Seek(int(top), 0, unix.SEEK_SET); err != nil {
			return
		}
		names, err := top.names()
		if err != nil || len(names) == 0 {
			return
		}
		progress := false
		for _, entry := range names {
			name := entry.name
			if removeOne(top, name) == nil {
				progress = true
				continue
			}
			progress = bringUp(top, name, &brought) || progress
		}
		if !progress {
			return
		}
	}
}

// removeOne removes what is no directory, or an empty one.
func removeOne(folder descriptor, name string) error {
	err := unix.Unlinkat(int(folder), name, 0)
	if err == unix.EISDIR || err == unix.EPERM {
		err = unix.Unlinkat(int(folder), name, unix.AT_REMOVEDIR)
	}
	return err
}

// bringUp empties the directory name in top and removes it. Directories in it
// that are not empty become entries of top. It tells whether anything has moved.
func bringUp(top descriptor, name string, brought *int) (progress bool) {
	folder, err := openat(top, name, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW, 0)
	if err != nil {
		return false
	}
	defer folder.close()
	// In a directory without the owner's permission to write nothing can be removed.
	_ = unix.Fchmod(int(folder), 0o700)
	names, err := folder.names()
	if err != nil {
		return false
	}
	for _, entry := range names {
		child := entry.name
		err := removeOne(folder, child)
		if errors.Is(err, unix.ENOTEMPTY) || errors.Is(err, unix.EEXIST) {
			*brought++
			err = unix.Renameat2(int(folder), child, int(top), "up-"+strconv.Itoa(*brought), unix.RENAME_NOREPLACE)
		}
		progress = progress || err == nil
	}
	return unix.Unlinkat(int(top), name, unix.AT_REMOVEDIR) == nil || progress
}
