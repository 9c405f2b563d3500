// The root of a call: a directory that is held open while the call lasts.

package files

import (
	"path"
	"slices"

	"connectrpc.com/connect"
	"golang.org/x/sys/unix"
)

type root struct {
	service *Service
	fd      descriptor
	// made are the directories that were made for it, the innermost last.
	made []string
}

// openRoot opens the root named by a request. It fails with not_found when there
// is none.
func (s *Service) openRoot(name string) (*root, error) {
	return s.inBase(name, func(base descriptor) (*root, error) {
		fd, err := openInBase(base, path.Clean(name))
		return &root{service: s, fd: fd}, err
	})
}

// makeRoot does the same, and makes the root when there is none.
func (s *Service) makeRoot(name string) (*root, error) {
	return s.inBase(name, func(base descriptor) (*root, error) {
		r := &root{service: s}
		err := r.makeIn(base, path.Clean(name))
		return r, err
	})
}

func (s *Service) inBase(name string, open func(base descriptor) (*root, error)) (*root, error) {
	if err := checkRoot(name); err != nil {
		return nil, connect.NewError(connect.CodeInvalidArgument, err)
	}
	base, err := openat(unix.AT_FDCWD, s.base, unix.O_PATH|unix.O_DIRECTORY, 0)
	if err != nil {
		return nil, explain("", err)
	}
	defer base.close()
	r, err := open(base)
	if err != nil {
		return nil, explain("", err)
	}
	return r, nil
}

func openInBase(base descriptor, name string) (descriptor, error) {
	return openat2(base, "."+name, unix.O_PATH|unix.O_DIRECTORY, unix.RESOLVE_IN_ROOT|unix.RESOLVE_NO_MAGICLINKS)
}

func (r *root) makeIn(base descriptor, name string) (err error) {
	if r.fd, err = openInBase(base, name); err != unix.ENOENT {
		return err
	}
	outer, last := path.Split(name)
	outside := &root{service: r.service}
	if err := outside.makeIn(base, path.Clean(outer)); err != nil {
		return err
	}
	defer outside.close()
	r.made = append(outside.made, name)
	if err := unix.Mkdirat(int(outside.fd), last, newDirectoryMode); err != nil && err != unix.EEXIST {
		return err
	}
	r.fd, err = openInBase(base, name)
	return err
}

// forget removes the directories that were made for the root and are still empty.
func (r *root) forget() {
	for _, name := range slices.Backward(r.made) {
		base, err := openat(unix.AT_FDCWD, r.service.base, unix.O_PATH|unix.O_DIRECTORY, 0)
		if err != nil {
			return
		}
		outer, last := path.Split(name)
		if folder, err := openInBase(base, path.Clean(outer)); err == nil {
			_ = unix.Unlinkat(int(folder), last, unix.AT_REMOVEDIR)
			folder.close()
		}
		base.close()
	}
}

// openFolder opens the directory that holds path, of which it returns the last
// name. It fails with not_found when there is none.
func (r *root) openFolder(path string) (folder descriptor, name string, err error) {
	parent, name := split(path)
	folder, err = r.open(parent, unix.O_DIRECTORY)
	return folder, name, err
}

func (r *root) close() { r.fd.close() }
