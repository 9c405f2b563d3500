// Trees in a guest: each command is born in a cgroup (v2) of its own, which no
// setsid, double fork or empty environment leaves.

package tree

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// CgroupMount is where a guest has its cgroup v2 hierarchy.
const CgroupMount = "/sys/fs/cgroup"

// cgroupForest holds one parent cgroup, whose pids.max limits all commands
// together, and below it one cgroup for each command.
type cgroupForest struct {
	root string

	mu   sync.Mutex
	next uint64
	// leftover are the released cgroups that had background processes.
	leftover map[string]struct{}
}

// NewCgroupForest makes the parent cgroup below mount, which must be cgroup v2
// with the pids controller.
func NewCgroupForest(mount string) (Forest, error) {
	var stat unix.Statfs_t
	if err := unix.Statfs(mount, &stat); err != nil {
		return nil, fmt.Errorf("statfs %s: %w", mount, err)
	}
	if stat.Type != unix.CGROUP2_SUPER_MAGIC {
		return nil, fmt.Errorf("%s is not a cgroup v2 hierarchy", mount)
	}
	root := filepath.Join(mount, "pyro")
	if err := os.Mkdir(root, 0o755); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	if err := writeControl(filepath.Join(mount, "cgroup.subtree_control"), "+pids"); err != nil {
		return nil, err
	}
	return &cgroupForest{root: root, leftover: map[string]struct{}{}}, nil
}

func (f *cgroupForest) Limit(maxTasks uint32) error {
	value := "max"
	if maxTasks > 0 {
		value = strconv.FormatUint(uint64(maxTasks), 10)
	}
	return writeControl(filepath.Join(f.root, "pids.max"), value)
}

func (f *cgroupForest) New() (Tree, error) {
	f.mu.Lock()
	f.next++
	dir := filepath.Join(f.root, strconv.FormatUint(f.next, 10))
	f.mu.Unlock()
	if err := unix.Mkdir(dir, 0o755); err != nil {
		return nil, fmt.Errorf("mkdir %s: %w", dir, err)
	}
	fd, err := unix.Open(dir, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		_ = unix.Rmdir(dir)
		return nil, fmt.Errorf("open %s: %w", dir, err)
	}
	return &cgroupTree{forest: f, dir: dir, fd: fd}, nil
}

func (f *cgroupForest) Sweep() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for dir := range f.leftover {
		if unix.Rmdir(dir) == nil {
			delete(f.leftover, dir)
		}
	}
}

// remove deletes the cgroup now or, while it has processes, in a later Sweep.
// The lock keeps a Sweep for its last process from passing in between.
func (f *cgroupForest) remove(dir string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if unix.Rmdir(dir) != nil {
		f.leftover[dir] = struct{}{}
	}
}

type cgroupTree struct {
	forest *cgroupForest
	dir    string
	// fd is the directory, for CLONE_INTO_CGROUP.
	fd int
}

func (t *cgroupTree) Attach(attr *syscall.ProcAttr) {
	attr.Sys.UseCgroupFD = true
	attr.Sys.CgroupFD = t.fd
}

func (t *cgroupTree) Rooted(int) {}

func (t *cgroupTree) Signal(sig syscall.Signal) error {
	pids, err := readPIDs(filepath.Join(t.dir, "cgroup.procs"))
	for _, pid := range pids {
		_ = syscall.Kill(pid, sig)
	}
	return err
}

// Kill writes cgroup.kill, which the kernel applies to forks under way too.
func (t *cgroupTree) Kill() error {
	if err := writeControl(filepath.Join(t.dir, "cgroup.kill"), "1"); err != nil {
		return err
	}
	return waitEmpty(t.dir, killDeadline)
}

func (t *cgroupTree) Empty() (bool, error) {
	pids, err := readPIDs(filepath.Join(t.dir, "cgroup.procs"))
	return err == nil && len(pids) == 0, err
}

func (t *cgroupTree) Release() {
	_ = unix.Close(t.fd)
	t.forest.remove(t.dir)
}
