// Resource limits that commands inherit.

package boot

import (
	"errors"

	"golang.org/x/sys/unix"
)

// openFiles is the soft limit of descriptors: enough for servers and watchers,
// small enough for programs that close every possible descriptor.
const openFiles = 65536

// raiseLimits sets limits through x/sys rather than leaving them to the Go
// runtime, which would give commands the limits that the agent started with.
func raiseLimits() error {
	files, err := limitOf(unix.RLIMIT_NOFILE)
	if err != nil {
		return err
	}
	files.Max = max(files.Max, 16*openFiles)
	files.Cur = openFiles
	return errors.Join(
		unix.Setrlimit(unix.RLIMIT_NOFILE, &files),
		// A core file would be written into the workspace.
		unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{Cur: 0, Max: unix.RLIM_INFINITY}),
	)
}

func limitOf(resource int) (unix.Rlimit, error) {
	var limit unix.Rlimit
	err := unix.Getrlimit(resource, &limit)
	return limit, err
}
