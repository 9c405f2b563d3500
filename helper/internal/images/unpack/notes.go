// What of an image could not be kept.

package unpack

import (
	"fmt"
	"maps"
	"slices"
)

// notes counts, for each thing that is not kept, how often.
type notes map[string]int

const (
	noteOwners     = "files belong to the user who installed the image, not to the owners that it names"
	noteUnlocked   = "directories without permissions for their owner got them, so that the tree can be listed and removed"
	noteDevices    = "device nodes are left out"
	noteUnknown    = "entries of unknown types are left out"
	noteAttributes = "extended attributes are left out: "
	noteMountPoint = "what was in the way of a mount point is replaced: "
)

func (n notes) add(note string) { n[note]++ }

func (n notes) list() []string {
	listed := make([]string, 0, len(n))
	for _, note := range slices.Sorted(maps.Keys(n)) {
		listed = append(listed, fmt.Sprintf("%s (%d)", note, n[note]))
	}
	return listed
}
