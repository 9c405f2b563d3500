// Who a machine is: hostname and machine-id.

package machine

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"pyro-mcp/agent/internal/etc"
)

// Identity applies a machine's identity and says in words what did not work.
type Identity interface {
	Apply(hostname, machineID string) (warnings []string)
}

// HostIdentity leaves the host's own identity alone.
type HostIdentity struct{}

// Apply changes nothing and says so.
func (HostIdentity) Apply(string, string) []string {
	return []string{"there is no guest: hostname, machine-id and /etc/hosts are those of the host"}
}

// GuestIdentity writes the identity into the guest.
type GuestIdentity struct{}

// Apply sets the kernel's hostname and writes the files that carry identity.
func (GuestIdentity) Apply(hostname, machineID string) []string {
	var warnings []string
	note := func(what string, err error) {
		if err != nil {
			warnings = append(warnings, fmt.Sprintf("%s: %v", what, err))
		}
	}
	note("hostname", unix.Sethostname([]byte(hostname)))
	note("/etc/hostname", etc.Replace("/etc/hostname", hostname+"\n", 0o644))
	note("/etc/machine-id", etc.Replace("/etc/machine-id", machineID+"\n", 0o444))
	hosts, err := os.ReadFile("/etc/hosts")
	if err != nil && !os.IsNotExist(err) {
		note("/etc/hosts", err)
	}
	note("/etc/hosts", etc.Replace("/etc/hosts", editHosts(string(hosts), hostname), 0o644))
	return warnings
}
