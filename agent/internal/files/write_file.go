// A file that takes its place.

package files

import (
	"errors"

	"connectrpc.com/connect"
	"golang.org/x/sys/unix"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

func (t *transaction) writeFile(request *agentv1.WriteFile, slot string) error {
	path := string(request.GetPath())
	there, err := t.follow(path, request.GetMustNotExist())
	if err != nil {
		return err
	}
	if err := expectContent(there, request.GetExpectedSha256()); err != nil {
		return err
	}
	if there.old != nil && isRegular(there.old) {
		if err := t.inherit(slot, request, there.old); err != nil {
			return err
		}
	}
	if err := t.install(slot, there); err != nil {
		return err
	}
	t.result.BytesWritten += request.GetSize()
	return nil
}

// follow finds the place of a file, behind the links in its last name.
func (t *transaction) follow(path string, mustNotExist bool) (p place, err error) {
	for range maxLinks {
		if p, err = t.locate(path); err != nil || p.old == nil {
			return p, err
		}
		if mustNotExist {
			return p, refuse(connect.CodeAborted, path, "%s exists already", printable(path))
		}
		if !isLink(p.old) {
			return p, nil
		}
		target, err := readLink(p.fd, p.name)
		if err != nil {
			return p, err
		}
		path = t.root.followed(p.folder, target)
	}
	return p, unix.ELOOP
}

// inherit gives a new file the owner of the one that it replaces, and its mode
// unless the request has one.
func (t *transaction) inherit(slot string, request *agentv1.WriteFile, old *unix.Stat_t) error {
	mode := old.Mode & maxMode
	if request.GetMode() != 0 {
		mode = request.GetMode()
	}
	isOurs := int(old.Uid) == unix.Geteuid() && int(old.Gid) == unix.Getegid()
	if isOurs && (request.GetMode() != 0 || mode == newFileMode) {
		return nil
	}
	fd, err := openat(t.stage.fd, slot, unix.O_PATH|unix.O_NOFOLLOW, 0)
	if err != nil {
		return err
	}
	defer fd.close()
	// In this order: a change of the owner takes setuid away.
	if err := keepOwner(fd, old); err != nil {
		return err
	}
	return t.root.service.setMode(fd, mode)
}

// keepOwner gives what is open the owner of old. Who is not root cannot give
// files away: there they become his own.
func keepOwner(fd descriptor, old *unix.Stat_t) error {
	err := unix.Fchownat(int(fd), "", int(old.Uid), int(old.Gid), unix.AT_EMPTY_PATH)
	if errors.Is(err, unix.EPERM) {
		return nil
	}
	return err
}
