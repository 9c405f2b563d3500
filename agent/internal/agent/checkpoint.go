// Live checkpoints of a gVisor guest.

package agent

import "os"

// checkpointFile blocks a read until the guest has been checkpointed, and then
// tells "resume" or, in a copy, "restore". Only gVisor has it.
const checkpointFile = "/proc/gvisor/checkpoint"

// watchCheckpoints calls redial after each checkpoint, in the source as in every
// copy: it cuts connections to the host, of which the guest's end is not told.
// A capture of file systems alone is no checkpoint.
func watchCheckpoints(redial func()) {
	for {
		if _, err := os.ReadFile(checkpointFile); err != nil {
			return
		}
		redial()
	}
}
