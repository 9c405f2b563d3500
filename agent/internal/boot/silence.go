// Standard streams of the agent in a guest.

package boot

import "golang.org/x/sys/unix"

// silence points descriptors 0, 1 and 2 at /dev/null. The stderr that a guest
// starts with is a file on the host, which it could fill.
func silence() error {
	fd, err := unix.Open("/dev/null", unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	for target := 0; target <= 2; target++ {
		if err := unix.Dup3(fd, target, 0); err != nil && fd != target {
			return err
		}
	}
	if fd > 2 {
		return unix.Close(fd)
	}
	return nil
}
