// Package files implements FilesService: looking at files below one directory,
// and changing them all or nothing.
//
// Everything that runs in the guest may change the same files meanwhile, and may
// do so to trick the agent. So a path is never judged by its text: it is opened,
// and what was opened is judged and used (resolve.go).
package files

import (
	"sync"

	"golang.org/x/sys/unix"
)

// Service implements agentv1connect.FilesServiceHandler.
type Service struct {
	// base is put before the root of every call; "/" in a guest.
	base string
	// descriptors is /proc/self/fd, held open: whatever becomes of /proc later.
	descriptors descriptor
	// bootedAtNs is when the service was made, by the clock that files get their
	// times from: it lags behind the other one by some milliseconds.
	bootedAtNs int64
	// committing is held while the changes of one Apply take place.
	committing sync.Mutex
}

// NewService makes a service for roots below base, and begins to remove what an
// agent that was killed in the middle of an Apply has left there.
func NewService(base string) (*Service, error) {
	descriptors, err := openat(unix.AT_FDCWD, "/proc/self/fd", unix.O_PATH|unix.O_DIRECTORY, 0)
	if err != nil {
		return nil, err
	}
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_REALTIME_COARSE, &now); err != nil {
		return nil, err
	}
	s := &Service{base: base, descriptors: descriptors, bootedAtNs: now.Nano()}
	stale := staleStages(base)
	go func() {
		for _, stage := range stale {
			stage.remove()
		}
	}()
	return s, nil
}
