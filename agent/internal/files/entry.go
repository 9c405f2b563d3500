// What is known about one name.

package files

import (
	"golang.org/x/sys/unix"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

// describeAttempts bounds the looks at a name that becomes a link and something
// else again all the time.
const describeAttempts = 8

// describe makes the entry of path, which is name in the directory folder. It
// fails with ENOENT when there is nothing.
func describe(path string, folder descriptor, name string) (*agentv1.Entry, error) {
	for range describeAttempts {
		stat, err := folder.lookup(name)
		if err != nil {
			return nil, err
		}
		entry := entryOf(path, &stat)
		if !isLink(&stat) {
			return entry, nil
		}
		target, err := readLink(folder, name)
		if err == unix.EINVAL {
			// It is no link any more.
			continue
		}
		entry.LinkTarget = []byte(target)
		return entry, err
	}
	return nil, unix.ENOENT
}

// entryOf is the entry of what stat describes, but for a link's target.
func entryOf(path string, stat *unix.Stat_t) *agentv1.Entry {
	entry := &agentv1.Entry{
		Path:    []byte(path),
		Mode:    stat.Mode,
		MtimeNs: stat.Mtim.Nano(),
		CtimeNs: stat.Ctim.Nano(),
	}
	if isRegular(stat) {
		entry.Size = uint64(stat.Size)
	}
	if stat.Nlink > 1 && !isDirectory(stat) {
		// Inode numbers are those of one device, and a tree may have several.
		entry.LinkId = stat.Ino ^ stat.Dev<<48
	}
	return entry
}

func isRegular(stat *unix.Stat_t) bool   { return stat.Mode&unix.S_IFMT == unix.S_IFREG }
func isDirectory(stat *unix.Stat_t) bool { return stat.Mode&unix.S_IFMT == unix.S_IFDIR }
func isLink(stat *unix.Stat_t) bool      { return stat.Mode&unix.S_IFMT == unix.S_IFLNK }
