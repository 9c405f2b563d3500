// Package confine gives up what a process needs no more, before it looks at
// anything that a guest sends.
package confine

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	// nobody is the user and the group that own nothing, on every Linux.
	nobody = 65534
	// maxFiles is enough for all connections there may be, two lookups each.
	maxFiles = 8192
	// softMemoryBytes makes the collector work harder, hardMemoryBytes end the
	// process: it then takes one guest's network with it, and nothing else.
	softMemoryBytes = 512 << 20
	hardMemoryBytes = 2 << 30
)

// Drop makes the process nobody when it is root, and bounds it. It keeps the
// files that it has open.
func Drop() error {
	debug.SetMemoryLimit(softMemoryBytes)
	limits := errors.Join(
		limit(unix.RLIMIT_NOFILE, maxFiles),
		limit(unix.RLIMIT_DATA, hardMemoryBytes),
		limit(unix.RLIMIT_CORE, 0),
	)
	if limits != nil {
		return limits
	}
	if os.Geteuid() == 0 {
		// Leaving uid 0 takes all capabilities, in every thread.
		if err := becomeNobody(); err != nil {
			return err
		}
	}
	// Nobody else's processes may look into this one.
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("dumpable: %w", err)
	}
	return denySystemCalls()
}

func limit(resource int, value uint64) error {
	var current unix.Rlimit
	if err := unix.Getrlimit(resource, &current); err != nil {
		return err
	}
	value = min(value, current.Max)
	return unix.Setrlimit(resource, &unix.Rlimit{Cur: value, Max: value})
}

func becomeNobody() error {
	if err := syscall.Setgroups(nil); err != nil {
		return fmt.Errorf("groups: %w", err)
	}
	if err := syscall.Setresgid(nobody, nobody, nobody); err != nil {
		return fmt.Errorf("group: %w", err)
	}
	if err := syscall.Setresuid(nobody, nobody, nobody); err != nil {
		return fmt.Errorf("user: %w", err)
	}
	return nil
}
