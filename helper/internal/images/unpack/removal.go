// Taking away what earlier layers brought.

package unpack

import (
	"errors"

	"golang.org/x/sys/unix"
)

// remove takes away whatever name is, with all that is in it.
func (t *Tree) remove(directory int, name string) error {
	return t.removeIf(directory, name, func(uint64) bool { return true })
}

// removeLower takes away what name is in the layers below the present one.
func (t *Tree) removeLower(directory int, name string) error {
	return t.removeIf(directory, name, func(inode uint64) bool {
		_, isFresh := t.fresh[inode]
		return !isFresh
	})
}

// emptyLower takes away what the layers below have put into a directory.
func (t *Tree) emptyLower(directory int, name string) error {
	return t.eachIn(directory, name, t.removeLower)
}

func (t *Tree) removeIf(directory int, name string, goes func(inode uint64) bool) error {
	var stat unix.Stat_t
	err := unix.Fstatat(directory, name, &stat, unix.AT_SYMLINK_NOFOLLOW)
	if errors.Is(err, unix.ENOENT) {
		return nil
	}
	if err != nil {
		return err
	}
	if stat.Mode&unix.S_IFMT != unix.S_IFDIR {
		if !goes(stat.Ino) {
			return nil
		}
		t.parent.isStale = true
		return unix.Unlinkat(directory, name, 0)
	}
	err = t.eachIn(directory, name, func(inner int, child string) error { return t.removeIf(inner, child, goes) })
	if err != nil || !goes(stat.Ino) {
		return err
	}
	t.parent.isStale = true
	err = unix.Unlinkat(directory, name, unix.AT_REMOVEDIR)
	if errors.Is(err, unix.ENOTEMPTY) {
		// Something of the present layer is in it.
		return nil
	}
	if err == nil {
		delete(t.folders, stat.Ino)
	}
	return err
}

// eachIn calls act for all that is in a directory.
func (t *Tree) eachIn(directory int, name string, act func(inner int, child string) error) error {
	inner, err := unix.Openat(directory, name, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(inner)
	children, err := namesIn(inner)
	if err != nil {
		return err
	}
	for _, child := range children {
		if err := act(inner, child); err != nil {
			return err
		}
	}
	return nil
}

const direntBytes = 32 << 10

// namesIn reads all names first: what is removed meanwhile must not move the others.
func namesIn(directory int) ([]string, error) {
	var names []string
	buffer := make([]byte, direntBytes)
	for {
		count, err := unix.ReadDirent(directory, buffer)
		if err != nil || count == 0 {
			return names, err
		}
		_, _, names = unix.ParseDirent(buffer[:count], -1, names)
	}
}
