// Package launch starts processes, each of them the root of a tree of its own:
// what commands, shells and services have in common.
package launch

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"connectrpc.com/connect"
	"golang.org/x/sys/unix"

	"pyro-mcp/agent/internal/reaper"
	"pyro-mcp/agent/internal/tree"
)

// Launcher starts processes until EndAll.
type Launcher struct {
	defaults Defaults
	forest   tree.Forest
	reaper   *reaper.Reaper
	// ending refuses new processes while the old ones are being ended.
	ending atomic.Bool

	confining sync.Mutex
	// confined is nil until Confine.
	confined atomic.Pointer[confinedThread]
}

// New makes a launcher whose processes get defaults, live in trees of forest
// and are waited for by children.
func New(defaults Defaults, forest tree.Forest, children *reaper.Reaper) *Launcher {
	return &Launcher{defaults: defaults, forest: forest, reaper: children}
}

// Start runs spec with files as its descriptors 0, 1, 2, and in a session of
// its own; sys may ask for more. It fails with a connect.Error when the request
// or the agent is at fault, or with the reason why the program cannot run, which
// DescribeFailure puts into words.
func (l *Launcher) Start(spec Spec, files [3]int, sys *syscall.SysProcAttr) (*Process, error) {
	if l.ending.Load() {
		return nil, connect.NewError(connect.CodeUnavailable, errors.New("the machine is shutting down"))
	}
	if err := spec.Validate(); err != nil {
		return nil, connect.NewError(connect.CodeInvalidArgument, err)
	}
	dir := l.defaults.directory(spec.Cwd)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, connect.NewError(connect.CodeInvalidArgument, fmt.Errorf("%s is not a directory", l.defaults.nameDirectory(spec.Cwd)))
	}
	user, err := l.user(spec, files, sys)
	if err != nil {
		return nil, err
	}
	env := l.defaults.environment(user, spec.Env)
	commandLine := l.defaults.Image.commandLine(spec.Argv)
	program, argv, err := resolve(commandLine, env["PATH"], dir)
	if err == syscall.ENOENT && commandLine[0] != spec.Argv[0] {
		return nil, missingShell(commandLine[0])
	}
	if err != nil {
		return nil, err
	}
	process, err := l.spawn(program, argv, &syscall.ProcAttr{
		Dir:   dir,
		Env:   entries(env),
		Files: []uintptr{uintptr(files[0]), uintptr(files[1]), uintptr(files[2])},
		Sys:   sys,
	})
	if err == syscall.ENOENT {
		return nil, errNoInterpreter
	}
	return process, err
}

// FindShell returns the program of an interactive shell within cwd, whose
// environment is that of the defaults and extra. It fails when the machine has none.
func (l *Launcher) FindShell(cwd string, extra map[string]string) (string, error) {
	return findShell(l.defaults.environment(nil, extra), l.defaults.directory(cwd))
}

// user prepares sys and files for the image's user; nil: the command is root's.
func (l *Launcher) user(spec Spec, files [3]int, sys *syscall.SysProcAttr) (*account, error) {
	if !spec.AsImageUser || l.defaults.Image.User == "" {
		return nil, nil
	}
	user, err := resolveUser(l.defaults.Image.User, l.defaults.Root)
	if err != nil {
		return nil, err
	}
	sys.Credential = &user.credential
	for _, file := range files[1:] {
		// Servers open /dev/stdout anew, which only the owner of a pipe may do.
		_ = unix.Fchown(file, int(user.credential.Uid), int(user.credential.Gid))
	}
	return &user, nil
}

// spawn fails with the syscall.Errno of fork and execve, or with CodeInternal
// when the agent itself lacks something.
func (l *Launcher) spawn(program string, argv []string, attr *syscall.ProcAttr) (*Process, error) {
	grown, err := l.forest.New()
	if err != nil {
		return nil, connect.NewError(connect.CodeInternal, err)
	}
	attr.Sys.Setsid = true
	grown.Attach(attr)
	started := time.Now()
	forkExec := func() (int, error) {
		pid, err := syscall.ForkExec(program, argv, attr)
		if errors.Is(err, syscall.ENOEXEC) {
			// A script without "#!" is the shell's, execvp(3).
			return syscall.ForkExec("/bin/sh", append([]string{"/bin/sh", program}, argv[1:]...), attr)
		}
		return pid, err
	}
	child, err := l.reaper.Spawn(func() (int, error) { return l.fork(forkExec) })
	if err != nil {
		grown.Release()
		return nil, err
	}
	grown.Rooted(child.PID)
	return &Process{PID: child.PID, Started: started, reaper: l.reaper, child: child, tree: grown}, nil
}

func entries(env map[string]string) []string {
	list := make([]string, 0, len(env))
	for name, value := range env {
		list = append(list, name+"="+value)
	}
	return list
}
