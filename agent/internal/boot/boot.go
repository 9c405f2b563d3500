// Package boot brings the place the agent runs in to a known state before
// anything is served.
package boot

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// Guest prepares a guest of which the agent is PID 1. It returns in words what
// did not work: a guest with a flaw is of more use than none.
func Guest() []string {
	var warnings []string
	steps := []struct {
		name string
		run  func() error
	}{
		{"seal descriptors", sealDescriptors},
		{"silence standard streams", silence},
		{"free /tmp of mounts", freeTmp},
		{"raise resource limits", raiseLimits},
		{"bring up loopback", raiseLoopback},
	}
	unix.Umask(0o022)
	for _, step := range steps {
		if err := step.run(); err != nil {
			warnings = append(warnings, fmt.Sprintf("%s: %v", step.name, err))
		}
	}
	return warnings
}

// Host prepares an agent that is an ordinary process: orphans of its commands
// become its children, so that it can find and reap them.
func Host() error {
	unix.Umask(0o022)
	return errors.Join(
		sealDescriptors(),
		unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0),
	)
}
