// Entries by type. Whatever has the name already gives way; only a directory
// stays when a directory comes.

package unpack

import (
	"archive/tar"
	"errors"
	"io"

	"golang.org/x/sys/unix"

	"pyro-mcp/helper/internal/images/failure"
)

func (t *Tree) putRoot(header *tar.Header) error {
	if header.Typeflag != tar.TypeDir {
		return failure.New(failure.ImageInvalid, "the root of the image is no directory")
	}
	inode, err := inodeOf(t.root)
	if err != nil {
		return err
	}
	t.folders[inode] = folder{mode: permissions(header), time: modified(header)}
	return t.decorate(t.root, ".", header)
}

func (t *Tree) putFolder(parent *openFolder, name string, header *tar.Header) error {
	if err := t.makeFolder(parent, name, folder{mode: permissions(header), time: modified(header)}); err != nil {
		return err
	}
	if isOverlayOpaque(header) {
		if err := t.emptyLower(parent.fd, name); err != nil {
			return err
		}
	}
	return t.decorate(parent.fd, name, header)
}

func (t *Tree) putFile(parent *openFolder, name string, header *tar.Header, content io.Reader) error {
	var file int
	err := t.inPlaceOf(parent, name, func() (err error) {
		file, err = unix.Openat(parent.fd, name, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0o600)
		return err
	})
	if err != nil {
		return err
	}
	err = t.fill(file, content, header.Size)
	if err == nil {
		err = t.finishFile(parent, file, name, header)
	}
	return errors.Join(err, unix.Close(file))
}

func (t *Tree) finishFile(parent *openFolder, file int, name string, header *tar.Header) error {
	inode, err := inodeOf(file)
	if err != nil {
		return err
	}
	t.markFresh(inode)
	if err := t.decorate(parent.fd, name, header); err != nil {
		return err
	}
	// After the owner, whose change takes setuid away.
	if err := unix.Fchmod(file, permissions(header)); err != nil {
		return err
	}
	return setTime(parent.fd, name, header)
}

func (t *Tree) putSymlink(parent *openFolder, name string, header *tar.Header) error {
	err := t.inPlaceOf(parent, name, func() error { return unix.Symlinkat(header.Linkname, parent.fd, name) })
	if err != nil {
		return err
	}
	return t.finishNode(parent, name, header)
}

func (t *Tree) putFifo(parent *openFolder, name string, header *tar.Header) error {
	err := t.inPlaceOf(parent, name, func() error { return unix.Mkfifoat(parent.fd, name, 0o600) })
	if err != nil {
		return err
	}
	if err := t.finishNode(parent, name, header); err != nil {
		return err
	}
	return unix.Fchmodat(parent.fd, name, permissions(header), 0)
}

// putHardLink gives a second name to what has one below the root.
func (t *Tree) putHardLink(parent *openFolder, name string, header *tar.Header) error {
	targetPath, targetName, err := splitName(header.Linkname)
	if err != nil {
		return err
	}
	if targetName == "" {
		return failure.New(failure.ImageInvalid, "a hard link in the image names the root")
	}
	target, err := t.resolve(targetPath)
	if err != nil {
		return err
	}
	defer unix.Close(target)
	inode, err := inodeAt(target, targetName)
	if err != nil {
		return err
	}
	t.markFresh(inode)
	if there, err := inodeAt(parent.fd, name); err == nil && there == inode {
		return nil
	}
	// No AT_SYMLINK_FOLLOW: a link is linked itself, wherever it leads.
	return t.inPlaceOf(parent, name, func() error { return unix.Linkat(target, targetName, parent.fd, name, 0) })
}

// putDevice makes nothing: a device of the host must not lie in a directory of
// the host. 0/0 is how overlayfs says that something was removed.
func (t *Tree) putDevice(parent *openFolder, name string, header *tar.Header) error {
	if header.Typeflag == tar.TypeChar && header.Devmajor == 0 && header.Devminor == 0 {
		return t.removeLower(parent.fd, name)
	}
	t.notes.add(noteDevices)
	return t.remove(parent.fd, name)
}

// inPlaceOf makes something under a name that may be taken.
func (t *Tree) inPlaceOf(parent *openFolder, name string, makeIt func() error) error {
	err := makeIt()
	if !errors.Is(err, unix.EEXIST) {
		return err
	}
	if err := t.remove(parent.fd, name); err != nil {
		return err
	}
	return makeIt()
}

func (t *Tree) finishNode(parent *openFolder, name string, header *tar.Header) error {
	inode, err := inodeAt(parent.fd, name)
	if err != nil {
		return err
	}
	t.markFresh(inode)
	if err := t.decorate(parent.fd, name, header); err != nil {
		return err
	}
	return setTime(parent.fd, name, header)
}

// isOverlayOpaque: the directory hides what lower layers have in it.
func isOverlayOpaque(header *tar.Header) bool {
	for _, name := range []string{"trusted.overlay.opaque", "user.overlay.opaque"} {
		if header.PAXRecords[attributePrefix+name] == "y" {
			return true
		}
	}
	return false
}
