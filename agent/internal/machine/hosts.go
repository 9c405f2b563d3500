// The text of /etc/hosts, hosts(5).

package machine

import (
	"slices"
	"strings"
)

// hostnameAddress is where Debian puts the hostname of a machine without a
// fixed address.
const hostnameAddress = "127.0.1.1"

// editHosts returns old with the hostname on a line of its own and localhost
// for both address families. All other lines stay as they are.
func editHosts(old, hostname string) string {
	lines := []string{}
	for line := range strings.Lines(old) {
		line = strings.TrimRight(line, "\r\n")
		if address(line) != hostnameAddress {
			lines = append(lines, line)
		}
	}
	for _, loopback := range []string{"::1", "127.0.0.1"} {
		if !slices.ContainsFunc(lines, func(line string) bool { return names(line, loopback, "localhost") }) {
			lines = slices.Insert(lines, 0, loopback+" localhost")
		}
	}
	lines = append(lines, hostnameAddress+" "+hostname)
	return strings.Join(lines, "\n") + "\n"
}

func address(line string) string {
	if fields := entry(line); len(fields) > 0 {
		return fields[0]
	}
	return ""
}

// names reports whether line gives name to address.
func names(line, address, name string) bool {
	fields := entry(line)
	return len(fields) > 1 && fields[0] == address && slices.Contains(fields[1:], name)
}

// entry splits a line without its comment.
func entry(line string) []string {
	content, _, _ := strings.Cut(line, "#")
	return strings.Fields(content)
}
