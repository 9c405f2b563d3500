// Open files and directories by their numbers. os.File would look up each name
// again, and would register each with the runtime's poller.

package files

import "golang.org/x/sys/unix"

type descriptor int

// closed stands for no descriptor.
const closed descriptor = -1

func (fd descriptor) close() {
	// Nothing that is written stays behind in a descriptor, so nothing is lost here.
	_ = unix.Close(int(fd))
}

func (fd descriptor) stat() (stat unix.Stat_t, err error) {
	err = retry(func() error { return unix.Fstat(int(fd), &stat) })
	return stat, err
}

// lookup describes name in the directory fd, and a link as a link.
func (fd descriptor) lookup(name string) (stat unix.Stat_t, err error) {
	err = retry(func() error { return unix.Fstatat(int(fd), name, &stat, unix.AT_SYMLINK_NOFOLLOW) })
	return stat, err
}

func openat(dir descriptor, name string, flags int, mode uint32) (fd descriptor, err error) {
	err = retry(func() error {
		opened, err := unix.Openat(int(dir), name, flags|unix.O_CLOEXEC, mode)
		fd = descriptor(opened)
		return err
	})
	return fd, err
}

func readLink(dir descriptor, name string) (target string, err error) {
	var buffer [maxPathBytes]byte
	err = retry(func() error {
		n, err := unix.Readlinkat(int(dir), name, buffer[:])
		target = string(buffer[:max(n, 0)])
		return err
	})
	return target, err
}

// retry repeats a system call that a signal has interrupted.
func retry(call func() error) error {
	for {
		if err := call(); err != unix.EINTR {
			return err
		}
	}
}
