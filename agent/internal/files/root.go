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
		fd, err := r.makeIn(base, path.Clean(name))
		if err != nil {
			r.unmake()
		}
		r.fd = fd
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

// makeIn opens the directory name, of which it makes what is missing on the way.
func (r *root) makeIn(base descriptor, name string) (descriptor, error) {
	fd, err := openInBase(base, name)
	if err != unix.ENOENT {
		return fd, err
	}
	outer, last := path.Split(name)
	folder, err := r.makeIn(base, path.Clean(outer))
	if err != nil {
		return closed, err
	}
	defer folder.close()
	if err := unix.Mkdirat(int(folder), last, newDirectoryMode); err != nil {
		return closed, err
	}
	r.made = append(r.made, name)
	return openInBase(base, name)
}

// unmake removes the directories that were made for the root and are still empty.
func (r *root) unmake() {
	base, err := openat(unix.AT_FDCWD, r.service.base, unix.O_PATH|unix.O_DIRECTORY, 0)
	if err != nil {
		return
	}
	defer base.close()
	for _, name := range slices.Backward(r.made) {
		outer, last := path.Split(name)
		if folder, err := openInBase(base, path.Clean(outer)); err == nil {
			_ = unix.Unlinkat(int(folder), last, unix.AT_REMOVEDIR)
			folder.close()
		}
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
