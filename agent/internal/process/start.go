// What a host may ask for in ExecStart. Pure: nothing here looks at the machine.

package process

import (
	"errors"
	"fmt"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
	"pyro-mcp/agent/internal/launch"
)

// maxIDBytes bounds process_id, which is kept for the life of a command.
const maxIDBytes = 128

// validateStart returns in words what is wrong with start.
func validateStart(start *agentv1.ExecStart) error {
	if start == nil {
		return errors.New("the first message must be start")
	}
	if id := start.GetProcessId(); id == "" || len(id) > maxIDBytes {
		return fmt.Errorf("process_id must have 1 to %d bytes", maxIDBytes)
	}
	return specOf(start).Validate()
}

func specOf(start *agentv1.ExecStart) launch.Spec {
	return launch.Spec{
		Argv:        start.GetArgv(),
		Cwd:         start.GetCwd(),
		Env:         start.GetEnv(),
		AsImageUser: start.GetAsImageUser(),
	}
}
