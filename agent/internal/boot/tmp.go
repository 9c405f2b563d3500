// /tmp of a guest.

package boot

import (
	"errors"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// freeTmp makes /tmp a directory of the root file system. gVisor mounts a tmpfs
// on an empty /tmp: that would be in no capture, and filling it would count as
// memory and end the whole guest.
func freeTmp() error {
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		return err
	}
	for range countMounts(string(mounts), "/tmp") {
		if err := unix.Unmount("/tmp", unix.MNT_DETACH); err != nil {
			return err
		}
	}
	if err := os.Mkdir("/tmp", 0o777); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return unix.Chmod("/tmp", 0o1777)
}

// countMounts tells how many mounts lie on target, in the format of
// /proc/self/mounts: "source target type options …".
func countMounts(mounts, target string) int {
	count := 0
	for line := range strings.Lines(mounts) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[1] == target {
			count++
		}
	}
	return count
}
