// What can be asked to run. Pure: nothing here looks at the machine.

package launch

import (
	"errors"
	"fmt"
	"strings"
)

const (
	// maxStringsBytes bounds argv and env together, as Linux does with a quarter
	// of the default stack limit, execve(2).
	maxStringsBytes = 2 << 20
	// maxPathBytes is PATH_MAX, limits.h.
	maxPathBytes = 4096
)

// Spec is a program with what it is given.
type Spec struct {
	// Argv is executed as it is; Argv[0] is looked up in PATH. When it is empty
	// the rest is for a shell: bash where there is one, else sh.
	Argv []string
	// Cwd is below the root of the defaults; empty is that root itself.
	Cwd string
	// Env is added to the environment of the defaults.
	Env map[string]string
	// AsImageUser asks for the user that the image names; root where it names none.
	AsImageUser bool
}

// Validate returns in words what is wrong with s.
func (s Spec) Validate() error {
	if len(s.Argv) == 0 || len(s.Argv) == 1 && s.Argv[0] == "" {
		return errors.New("argv names no command")
	}
	if len(s.Cwd) >= maxPathBytes || hasNUL(s.Cwd) {
		return fmt.Errorf("cwd must be a path of less than %d bytes", maxPathBytes)
	}
	total := 0
	for i, arg := range s.Argv {
		if hasNUL(arg) {
			return fmt.Errorf("argv[%d] contains a NUL byte", i)
		}
		total += len(arg) + 1
	}
	for name, value := range s.Env {
		if name == "" || strings.Contains(name, "=") || hasNUL(name) {
			return fmt.Errorf("env has the invalid name %.80q", name)
		}
		if hasNUL(value) {
			return fmt.Errorf("env %.80q contains a NUL byte", name)
		}
		total += len(name) + len(value) + 2
	}
	if total > maxStringsBytes {
		return fmt.Errorf("argv and env have %d bytes, more than %d", total, maxStringsBytes)
	}
	return nil
}

func hasNUL(s string) bool { return strings.IndexByte(s, 0) >= 0 }
