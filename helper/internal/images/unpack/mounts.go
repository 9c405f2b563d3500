// Mount points: runsc makes missing ones itself, on the host, so all are here beforehand.

package unpack

import (
	"errors"
	"strings"

	"golang.org/x/sys/unix"

	"pyro-mcp/helper/internal/images/failure"
)

// MountPoint is a file or a directory that a guest needs in its tree.
type MountPoint struct {
	Path string `json:"path"`
	// Kind is "file" or "directory".
	Kind string `json:"kind"`
	Mode uint32 `json:"mode"`
	// Text is the content of a file.
	Text string `json:"text"`
}

// Provide makes the mount points. Links on the way are followed within the
// tree, and a mount point is never a link itself: what is mounted has to be
// where it is expected.
func (t *Tree) Provide(points []MountPoint) error {
	t.fresh = nil
	for _, point := range points {
		if err := t.provide(point); err != nil {
			var known *failure.Error
			if errors.As(err, &known) {
				return known
			}
			return failure.Storage(err, "the mount point %s could not be made", point.Path)
		}
	}
	return nil
}

func (t *Tree) provide(point MountPoint) error {
	path, name, err := splitName(point.Path)
	if err != nil {
		return failure.New(failure.InvalidInput, "%q is no mount point", point.Path)
	}
	if name == "" {
		return t.changeRoot(point)
	}
	parent, err := t.folderOf(path)
	if err != nil {
		return err
	}
	var stat unix.Stat_t
	err = unix.Fstatat(parent.fd, name, &stat, unix.AT_SYMLINK_NOFOLLOW)
	if err != nil && !errors.Is(err, unix.ENOENT) {
		return err
	}
	wantedType := uint32(unix.S_IFDIR)
	if point.Kind == "file" {
		wantedType = unix.S_IFREG
	}
	if err == nil && stat.Mode&unix.S_IFMT != wantedType {
		t.notes.add(noteMountPoint + "/" + strings.Trim(point.Path, "/"))
	}
	if point.Kind == "directory" {
		return t.makeFolder(parent, name, folder{mode: point.Mode, time: t.timeOf(stat)})
	}
	return t.writeFile(parent, name, point)
}

// timeOf is what a directory that is there already keeps.
func (t *Tree) timeOf(stat unix.Stat_t) unix.Timespec { return t.folders[stat.Ino].time }

func (t *Tree) changeRoot(point MountPoint) error {
	inode, err := inodeOf(t.root)
	if err != nil {
		return err
	}
	root := t.folders[inode]
	root.mode = point.Mode
	t.folders[inode] = root
	return nil
}

// writeFile takes away what is there instead of writing into it: it may be a
// second name of something else.
func (t *Tree) writeFile(parent *openFolder, name string, point MountPoint) error {
	if err := t.remove(parent.fd, name); err != nil {
		return err
	}
	file, err := unix.Openat(parent.fd, name, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return err
	}
	err = writeAt(file, []byte(point.Text), 0)
	if err == nil {
		err = unix.Fchmod(file, point.Mode)
	}
	// Of no particular day: the same image becomes the same tree.
	if err == nil {
		err = unix.UtimesNanoAt(parent.fd, name, make([]unix.Timespec, 2), unix.AT_SYMLINK_NOFOLLOW)
	}
	return errors.Join(err, unix.Close(file))
}
