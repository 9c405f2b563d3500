// The two places the agent runs in: a guest, which it owns, and a host, of
// which it changes nothing.

package agent

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"pyro-mcp/agent/internal/boot"
	"pyro-mcp/agent/internal/launch"
	"pyro-mcp/agent/internal/machine"
	"pyro-mcp/agent/internal/secrets"
	"pyro-mcp/agent/internal/tree"
)

// hostPatience bounds how long an agent outside a guest looks for its host:
// nobody else would ever end it.
const hostPatience = 10 * time.Second

type place struct {
	defaults launch.Defaults
	forest   tree.Forest
	identity machine.Identity
	// patience is the longest search for the host; 0 is for ever.
	patience time.Duration
	// channelDir holds the host's sockets in a guest; otherwise it is empty.
	channelDir string
	// secretsDir is where secrets are mounted; empty: there are none.
	secretsDir string
	// warnings say what could not be set up, for ConfigureResponse.
	warnings []string
}

func prepare(config Config) (place, error) {
	if config.HostRoot != "" {
		return prepareHost(config.HostRoot)
	}
	guest := prepareGuest()
	guest.channelDir = filepath.Dir(config.Socket)
	return guest, nil
}

func prepareGuest() place {
	warnings := boot.Guest()
	defaults, err := guestDefaults()
	if err != nil {
		warnings = append(warnings, fmt.Sprintf("the image's configuration does not hold: %v", err))
	}
	forest, err := tree.NewCgroupForest(tree.CgroupMount)
	if err != nil {
		warnings = append(warnings, fmt.Sprintf("commands are tracked through /proc, and tasks are not limited: %v", err))
		return place{
			defaults:   defaults,
			forest:     tree.NewDescentForest(),
			identity:   machine.GuestIdentity{},
			secretsDir: secrets.Directory,
			warnings:   warnings,
		}
	}
	return place{
		defaults:   defaults,
		forest:     forest,
		identity:   machine.GuestIdentity{},
		secretsDir: secrets.Directory,
		warnings:   warnings,
	}
}

// guestDefaults are those of the environment's image, as far as it says something.
func guestDefaults() (launch.Defaults, error) {
	defaults := launch.GuestDefaults()
	image, err := launch.ReadImage(launch.ImageFile)
	if err != nil {
		return defaults, err
	}
	defaults.Image = image
	if image.WorkingDir == "" {
		return defaults, nil
	}
	// As container engines do: an image need not hold it.
	return defaults, boot.MakeDirectories(image.WorkingDir)
}

func prepareHost(dir string) (place, error) {
	root, err := filepath.Abs(dir)
	if err != nil {
		return place{}, err
	}
	if info, err := os.Stat(root); err != nil {
		return place{}, err
	} else if !info.IsDir() {
		return place{}, fmt.Errorf("%s is not a directory", root)
	}
	if err := boot.Host(); err != nil {
		return place{}, err
	}
	return place{
		defaults: launch.HostDefaults(root),
		forest:   tree.NewDescentForest(),
		identity: machine.HostIdentity{},
		patience: hostPatience,
	}, nil
}
