// Processes without rights over the network.

package launch

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// networkRights would let a command take the guest's network device from the
// agent, change its address or make packets by hand.
var networkRights = []uint{unix.CAP_NET_ADMIN, unix.CAP_NET_RAW}

// Confine takes the rights over the network from all processes that are started
// from now on, for as long as they live. Another call changes nothing.
func (l *Launcher) Confine() error {
	l.confining.Lock()
	defer l.confining.Unlock()
	if l.confined.Load() != nil {
		return nil
	}
	thread, err := startConfinedThread()
	if err == nil {
		l.confined.Store(thread)
	}
	return err
}

// fork runs act, which forks, where its children get what they may have.
func (l *Launcher) fork(act func() (int, error)) (int, error) {
	if thread := l.confined.Load(); thread != nil {
		return thread.run(act)
	}
	return act()
}

// confinedThread is an OS thread that has given up rights. They are a thread's
// own, and its children inherit what is left: the agent's other threads keep them.
type confinedThread struct{ acts chan func() }

func startConfinedThread() (*confinedThread, error) {
	thread := &confinedThread{acts: make(chan func())}
	dropped := make(chan error, 1)
	go func() {
		// Never unlocked: the runtime ends a thread whose goroutine returns so.
		runtime.LockOSThread()
		err := dropRights(networkRights)
		dropped <- err
		if err != nil {
			return
		}
		for act := range thread.acts {
			act()
		}
	}()
	return thread, <-dropped
}

func (t *confinedThread) run(act func() (int, error)) (pid int, err error) {
	done := make(chan struct{})
	t.acts <- func() {
		defer close(done)
		pid, err = act()
	}
	<-done
	return pid, err
}

// dropRights takes rights from the calling thread and from the bounding set, so
// that no program gives them back, setuid root or not, capabilities(7).
func dropRights(rights []uint) error {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var sets [2]unix.CapUserData
	if err := unix.Capget(&header, &sets[0]); err != nil {
		return err
	}
	for _, right := range rights {
		if err := unix.Prctl(unix.PR_CAPBSET_DROP, uintptr(right), 0, 0, 0); err != nil {
			return err
		}
		mask := ^(uint32(1) << (right % 32))
		set := &sets[right/32]
		set.Effective &= mask
		set.Permitted &= mask
		set.Inheritable &= mask
	}
	return unix.Capset(&header, &sets[0])
}
