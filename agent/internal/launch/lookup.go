// Finding the program of a command, as execvp(3) does, but in the command's own
// PATH and working directory.

package launch

import (
	"errors"
	"os"
	"path"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// shells run what is a shell's business, the best first.
var shells = []string{"bash", "sh"}

// resolve returns the path to execute from within dir, and its argv. It fails as
// lookup does. A shell that is asked to choose another one would cost a command
// one program more to load.
func resolve(argv []string, searchPath, dir string) (program string, resolved []string, err error) {
	if argv[0] != "" {
		program, err = lookup(argv[0], searchPath, dir)
		return program, argv, err
	}
	for _, shell := range shells {
		if program, err = lookup(shell, searchPath, dir); err == nil {
			return program, append([]string{shell}, argv[1:]...), nil
		}
	}
	return "", nil, err
}

// findShell returns the path of what an interactive shell runs within dir: what
// SHELL of env names, as far as that can be executed, else the best in its PATH.
func findShell(env map[string]string, dir string) (string, error) {
	if named := env["SHELL"]; path.IsAbs(named) && executable(named, dir) == nil {
		return named, nil
	}
	program, _, err := resolve([]string{""}, env["PATH"], dir)
	return program, err
}

// lookup returns the path to execute from within dir. It fails with ENOENT,
// EACCES or EISDIR.
func lookup(name, searchPath, dir string) (string, error) {
	if strings.Contains(name, "/") {
		return name, executable(name, dir)
	}
	err := error(syscall.ENOENT)
	for _, folder := range strings.Split(searchPath, ":") {
		// An empty folder is the working directory; "./" keeps execve from
		// taking the name as it is for a lookup of its own.
		candidate := path.Join(folder, name)
		if !strings.Contains(candidate, "/") {
			candidate = "./" + candidate
		}
		switch found := executable(candidate, dir); {
		case found == nil:
			return candidate, nil
		case errors.Is(found, syscall.EACCES):
			// Another folder may have a better one; otherwise this is the reason.
			err = found
		}
	}
	return "", err
}

// executable tells whether file, relative to dir, can be executed by the agent.
func executable(file, dir string) error {
	if !path.IsAbs(file) {
		file = path.Join(dir, file)
	}
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, syscall.EACCES):
		return syscall.EACCES
	case err != nil:
		return syscall.ENOENT
	case info.IsDir():
		return syscall.EISDIR
	case unix.Faccessat(unix.AT_FDCWD, file, unix.X_OK, unix.AT_EACCESS) != nil:
		return syscall.EACCES
	}
	return nil
}
