// What is mounted over the root file system, and so is no part of it.

package disk

import (
	"os"
	"strconv"
	"strings"
)

// ours are the places that the host has put into the guest for the agent.
var ours = map[string]bool{"/run/pyro": true, "/run/pyro-secrets": true, "/usr/lib/pyro": true}

// readMounts returns the mount points below the root.
func readMounts() (map[string]bool, error) {
	text, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil, err
	}
	return parseMounts(string(text)), nil
}

// parseMounts reads the format of /proc/self/mountinfo, proc(5): the mount point
// is the fifth field, with spaces and the like in octal.
func parseMounts(text string) map[string]bool {
	mounts := map[string]bool{}
	for line := range strings.Lines(text) {
		if fields := strings.Fields(line); len(fields) > 4 && fields[4] != "/" {
			mounts[unescape(fields[4])] = true
		}
	}
	return mounts
}

func unescape(field string) string {
	var out strings.Builder
	for i := 0; i < len(field); i++ {
		if field[i] == '\\' && i+3 < len(field) {
			if code, err := strconv.ParseUint(field[i+1:i+4], 8, 8); err == nil {
				out.WriteByte(byte(code))
				i += 3
				continue
			}
		}
		out.WriteByte(field[i])
	}
	return out.String()
}
