// Owners, modes, times and extended attributes.

package unpack

import (
	"archive/tar"
	"errors"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"pyro-mcp/helper/internal/images/failure"
)

// attributePrefix is where tar keeps extended attributes, star(5).
const attributePrefix = "SCHILY.xattr."

func permissions(header *tar.Header) uint32 { return uint32(header.Mode) & 0o7777 }

func modified(header *tar.Header) unix.Timespec {
	return unix.Timespec{Sec: header.ModTime.Unix(), Nsec: int64(header.ModTime.Nanosecond())}
}

func setTime(directory int, name string, header *tar.Header) error {
	time := modified(header)
	return unix.UtimesNanoAt(directory, name, []unix.Timespec{time, time}, unix.AT_SYMLINK_NOFOLLOW)
}

// decorate gives an entry its owner and its extended attributes.
func (t *Tree) decorate(directory int, name string, header *tar.Header) error {
	if err := t.own(directory, name, header); err != nil {
		return err
	}
	for key, value := range header.PAXRecords {
		attribute, found := strings.CutPrefix(key, attributePrefix)
		if !found || isOverlayAttribute(attribute) {
			continue
		}
		if err := t.setAttribute(directory, name, attribute, value); err != nil {
			return err
		}
	}
	return nil
}

// maxOwner: -1 means "leave it" to the kernel, which would be the host's root.
const maxOwner = 1<<32 - 2

func (t *Tree) own(directory int, name string, header *tar.Header) error {
	if header.Uid < 0 || header.Uid > maxOwner || header.Gid < 0 || header.Gid > maxOwner {
		return failure.New(failure.ImageInvalid, "an entry of the image has no possible owner: %s", shortened(header.Name))
	}
	if !t.ownsFiles {
		t.notes.add(noteOwners)
		return nil
	}
	err := unix.Fchownat(directory, name, header.Uid, header.Gid, unix.AT_SYMLINK_NOFOLLOW)
	if errors.Is(err, unix.EPERM) || errors.Is(err, unix.EINVAL) {
		// Root of a user namespace has only the owners that are mapped into it.
		t.notes.add(noteOwners)
		return nil
	}
	return err
}

// setAttribute keeps what belongs to the files themselves: a program's
// capabilities and what users attach. What belongs to the host's security
// modules and file systems is left out.
func (t *Tree) setAttribute(directory int, name, attribute, value string) error {
	if attribute != "security.capability" && !strings.HasPrefix(attribute, "user.") {
		t.notes.add(noteAttributes + printable(attribute))
		return nil
	}
	// O_PATH descriptors have no attributes of their own, but a path through /proc
	// leads to exactly what they are open on.
	entry, err := unix.Openat(directory, name, unix.O_PATH|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(entry)
	err = unix.Setxattr("/proc/self/fd/"+strconv.Itoa(entry), attribute, []byte(value), 0)
	if errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) {
		return err
	}
	if err != nil {
		t.notes.add(noteAttributes + printable(attribute))
	}
	return nil
}

func isOverlayAttribute(attribute string) bool {
	return strings.HasPrefix(attribute, "trusted.overlay.") || strings.HasPrefix(attribute, "user.overlay.")
}

// printable bounds what a stranger's name adds to the notes.
func printable(name string) string {
	return strconv.QuoteToASCII(shortened(name))
}
