// The stage of an Apply: a directory on the root's file system but outside of
// it, where new files wait for the commit and old ones for its success.

package files

import (
	"crypto/rand"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// stagePrefix begins the names of stages; whatever has such a name at the start
// of the agent is what a killed one has left.
const stagePrefix = ".pyro-apply-"

type stage struct {
	service *Service
	// fd is the directory, open for reading; parent holds it under name.
	fd     descriptor
	parent descriptor
	name   string
	slots  int
}

func newStage(r *root) (*stage, error) {
	parent, err := stageParent(r)
	if err != nil {
		return nil, err
	}
	name := stagePrefix + rand.Text()
	if err := unix.Mkdirat(int(parent), name, 0o700); err != nil {
		parent.close()
		return nil, err
	}
	fd, err := openStage(parent, name)
	if err != nil {
		_ = unix.Unlinkat(int(parent), name, unix.AT_REMOVEDIR)
		parent.close()
		return nil, err
	}
	return &stage{service: r.service, fd: fd, parent: parent, name: name}, nil
}

func openStage(parent descriptor, name string) (descriptor, error) {
	return openat(parent, name, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW, 0)
}

// staleStages finds the stages in the directory base.
func staleStages(base string) (stale []*stage) {
	folder, err := openat(unix.AT_FDCWD, base, unix.O_RDONLY|unix.O_DIRECTORY, 0)
	if err != nil {
		return nil
	}
	defer folder.close()
	names, err := folder.names()
	if err != nil {
		return nil
	}
	for _, name := range names {
		if !strings.HasPrefix(name.name, stagePrefix) {
			continue
		}
		parent, err := openat(folder, ".", unix.O_RDONLY|unix.O_DIRECTORY, 0)
		if err != nil {
			continue
		}
		fd, err := openStage(parent, name.name)
		if err != nil {
			parent.close()
			continue
		}
		stale = append(stale, &stage{fd: fd, parent: parent, name: name.name})
	}
	return stale
}

// stageParent is the base of all roots, or the root itself when something else is
// mounted on it: files are renamed between it and the stage.
func stageParent(r *root) (descriptor, error) {
	base, err := openat(unix.AT_FDCWD, r.service.base, unix.O_RDONLY|unix.O_DIRECTORY, 0)
	if err != nil {
		return closed, err
	}
	outer, err := base.stat()
	if err != nil {
		base.close()
		return closed, err
	}
	inner, err := r.fd.stat()
	if err == nil && inner.Dev == outer.Dev {
		return base, nil
	}
	base.close()
	if err != nil {
		return closed, err
	}
	return openat(r.fd, ".", unix.O_RDONLY|unix.O_DIRECTORY, 0)
}

// slot is a name in the stage that is not in use.
func (st *stage) slot() string {
	st.slots++
	return strconv.Itoa(st.slots)
}

// remove ends the stage with all that is in it. What cannot be removed, because
// somebody else is at work in it, stays until the agent starts again.
func (st *stage) remove() {
	removeTree(st.fd)
	_ = unix.Unlinkat(int(st.parent), st.name, unix.AT_REMOVEDIR)
	st.fd.close()
	st.parent.close()
}
