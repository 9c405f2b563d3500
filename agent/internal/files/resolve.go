// Opening what is below a root, and nothing else.

package files

import (
	"path"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// maxLinks is how many links one path may lead through, path_resolution(7).
const maxLinks = 40

// resolveAttempts bounds the repetitions of an openat2 that says EAGAIN because
// something was renamed meanwhile, which a hostile process can do for ever.
const resolveAttempts = 64

// open opens what path leads to for O_PATH and nothing more, so that nothing
// happens to it. flags are added, such as O_NOFOLLOW for the last name. It fails
// with errOutside when that is not below the root.
func (r *root) open(path string, flags int) (descriptor, error) {
	return r.openThrough(path, flags, maxLinks)
}

// openThrough does that through so many links that need a closer look.
func (r *root) openThrough(path string, flags, links int) (descriptor, error) {
	fd, err := openat2(r.fd, path, flags|unix.O_PATH, unix.RESOLVE_BENEATH|unix.RESOLVE_NO_MAGICLINKS)
	if err != unix.EXDEV {
		return fd, err
	}
	// An absolute link, or one that leaves the root, perhaps to come back. Where
	// it ends is looked up on what was opened: swapping links has no effect on that.
	fd, err = openat2(r.fd, path, flags|unix.O_PATH, unix.RESOLVE_NO_MAGICLINKS)
	if err == unix.ENOENT && links > 0 {
		return closed, r.whereMissing(path, links)
	}
	if err != nil {
		// What there is outside is nobody's business.
		return closed, errOutside
	}
	if !r.contains(fd) {
		fd.close()
		return closed, errOutside
	}
	return fd, nil
}

// whereMissing tells whether what path leads to is missing in the root, which is
// ENOENT, or whether it leads out.
func (r *root) whereMissing(path string, links int) error {
	parent, name := split(path)
	folder, err := r.openThrough(parent, unix.O_DIRECTORY, links-1)
	if err != nil {
		return err
	}
	defer folder.close()
	target, err := readLink(folder, name)
	if err != nil {
		return unix.ENOENT
	}
	next, err := r.openThrough(r.followed(parent, target), 0, links-1)
	if err == nil {
		// It has come back meanwhile.
		next.close()
		err = unix.ENOENT
	}
	return err
}

// followed is the path that a link in folder leads to: relative to the root, or
// absolute when it leads elsewhere. It may have names such as "..".
func (r *root) followed(folder, target string) string {
	target = strings.TrimRight(target, "/")
	switch top, err := r.service.pathOf(r.fd); {
	case target == "":
		return "/."
	case !path.IsAbs(target):
		return join(folder, target)
	case err == nil && target == top:
		return "."
	case err == nil && strings.HasPrefix(target, top+"/"):
		return target[len(top)+1:]
	}
	return target
}

// contains tells whether an open file or directory is now below the root.
func (r *root) contains(fd descriptor) bool {
	top, err := r.service.pathOf(r.fd)
	if err != nil {
		return false
	}
	path, err := r.service.pathOf(fd)
	if err != nil {
		return false
	}
	return path == top || strings.HasPrefix(path, strings.TrimSuffix(top, "/")+"/")
}

// pathOf is the path at which what is open is found now.
func (s *Service) pathOf(fd descriptor) (string, error) {
	return readLink(s.descriptors, strconv.Itoa(int(fd)))
}

// reopen opens what is open for O_PATH once more, with flags.
func (s *Service) reopen(fd descriptor, flags int) (descriptor, error) {
	return openat(s.descriptors, strconv.Itoa(int(fd)), flags, 0)
}

// openBelow opens what is below top for reading, without following any link, and
// without waiting for the other end of a FIFO.
func openBelow(top descriptor, below string, flags int) (descriptor, error) {
	flags |= unix.O_RDONLY | unix.O_NOFOLLOW | unix.O_NONBLOCK | unix.O_NOCTTY
	return openat2(top, below, flags, unix.RESOLVE_BENEATH|unix.RESOLVE_NO_SYMLINKS)
}

func openat2(dir descriptor, path string, flags int, resolve uint64) (descriptor, error) {
	if path == "" {
		path = "."
	}
	how := unix.OpenHow{Flags: uint64(flags | unix.O_CLOEXEC), Resolve: resolve}
	for attempt := 1; ; attempt++ {
		fd, err := unix.Openat2(int(dir), path, &how)
		if (err == unix.EINTR || err == unix.EAGAIN) && attempt < resolveAttempts {
			continue
		}
		return descriptor(fd), err
	}
}
