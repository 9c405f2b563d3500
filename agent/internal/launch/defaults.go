// What a command gets when its request does not say otherwise. Nothing of the
// agent's own environment reaches a guest's command.

package launch

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path"
)

// Defaults are the environment and the root of the working directories.
type Defaults struct {
	Env map[string]string
	// Root is put before every working directory; "/" in a guest.
	Root string
	// Image goes before Env; the zero Image has nothing to say.
	Image Image
}

// GuestDefaults are those of root on a Debian machine.
func GuestDefaults() Defaults {
	return Defaults{
		Root: "/",
		Env: map[string]string{
			"PATH":    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
			"HOME":    "/root",
			"USER":    "root",
			"LOGNAME": "root",
			"SHELL":   shell(),
			"LANG":    "C.UTF-8",
		},
	}
}

// HostDefaults let commands find the host's programs, and make root their home
// and the top of their working directories.
func HostDefaults(root string) Defaults {
	user := cmp.Or(os.Getenv("USER"), "root")
	return Defaults{
		Root: root,
		Env: map[string]string{
			"PATH":    os.Getenv("PATH"),
			"HOME":    root,
			"USER":    user,
			"LOGNAME": user,
			"SHELL":   shell(),
			"LANG":    "C.UTF-8",
		},
	}
}

func shell() string {
	if _, err := os.Stat("/bin/bash"); err == nil {
		return "/bin/bash"
	}
	return "/bin/sh"
}

// environment is Env, then what user is known by, what the image sets and extra,
// each in place of what comes before it. user is nil for root.
func (d Defaults) environment(user *account, extra map[string]string) map[string]string {
	env := maps.Clone(d.Env)
	if env == nil {
		env = map[string]string{}
	}
	if user != nil {
		env["HOME"], env["USER"], env["LOGNAME"] = cmp.Or(user.home, "/"), user.name, user.name
	}
	maps.Copy(env, d.Image.environment())
	maps.Copy(env, extra)
	return env
}

// nameDirectory names for people what directory maps.
func (d Defaults) nameDirectory(cwd string) string {
	if cwd == "" && d.Image.WorkingDir != "" {
		return fmt.Sprintf("the image's working directory %q", d.Image.WorkingDir)
	}
	return fmt.Sprintf("cwd %q", cwd)
}

// directory maps a working directory below Root, which ".." does not leave.
func (d Defaults) directory(cwd string) string {
	return path.Join(d.Root, path.Clean("/"+cmp.Or(cwd, d.Image.WorkingDir)))
}
