// Descriptors that the agent was started with.

package boot

import (
	"math"

	"golang.org/x/sys/unix"
)

// sealDescriptors keeps whatever the agent's starter left open from reaching
// commands. The agent's own descriptors are opened close-on-exec.
func sealDescriptors() error {
	return unix.CloseRange(3, math.MaxInt32, unix.CLOSE_RANGE_CLOEXEC)
}
