// Names in layers.

package unpack

import (
	"strings"

	"pyro-mcp/helper/internal/images/failure"
)

// splitName returns the folder and the last part of an entry's name, both
// relative to the root; both are "" for the root itself. A leading slash and
// single dots mean nothing; two dots are refused.
func splitName(name string) (folder, base string, err error) {
	var parts []string
	for part := range strings.SplitSeq(name, "/") {
		switch part {
		case "", ".":
		case "..":
			return "", "", failure.New(failure.ImageHostile, "a layer of the image has an entry that leads out of it: %q", shortened(name))
		default:
			parts = append(parts, part)
		}
	}
	if strings.ContainsRune(name, 0) {
		return "", "", failure.New(failure.ImageInvalid, "a layer of the image has an entry with a zero byte in its name")
	}
	if len(parts) == 0 {
		return "", "", nil
	}
	last := len(parts) - 1
	return strings.Join(parts[:last], "/"), parts[last], nil
}

const maxQuotedBytes = 200

func shortened(name string) string {
	if len(name) > maxQuotedBytes {
		return name[:maxQuotedBytes] + "…"
	}
	return name
}
