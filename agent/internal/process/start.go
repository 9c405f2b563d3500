// What a host may ask for in ExecStart. Pure: nothing here looks at the machine.

package process

import (
	"errors"
	"fmt"
	"strings"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

const (
	// maxIDBytes bounds process_id, which is kept for the life of a command.
	maxIDBytes = 128
	// maxStringsBytes bounds argv and env together, as Linux does with a quarter
	// of the default stack limit, execve(2).
	maxStringsBytes = 2 << 20
	// maxPathBytes is PATH_MAX, limits.h.
	maxPathBytes = 4096
)

// validateStart returns in words what is wrong with start.
func validateStart(start *agentv1.ExecStart) error {
	if start == nil {
		return errors.New("the first message must be start")
	}
	if id := start.GetProcessId(); id == "" || len(id) > maxIDBytes {
		return fmt.Errorf("process_id must have 1 to %d bytes", maxIDBytes)
	}
	if len(start.GetArgv()) == 0 || start.GetArgv()[0] == "" {
		return errors.New("argv names no command")
	}
	if len(start.GetCwd()) >= maxPathBytes || hasNUL(start.GetCwd()) {
		return fmt.Errorf("cwd must be a path of less than %d bytes", maxPathBytes)
	}
	total := 0
	for i, arg := range start.GetArgv() {
		if hasNUL(arg) {
			return fmt.Errorf("argv[%d] contains a NUL byte", i)
		}
		total += len(arg) + 1
	}
	for name, value := range start.GetEnv() {
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
