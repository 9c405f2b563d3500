// The files of the secrets, for programs that want one.

package secrets

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// Directory holds one file for each secret, readable by root only.
const Directory = "/run/pyro-secrets"

const (
	// pageBytes is what a tmpfs counts in.
	pageBytes = 4096
	// spareBytes are for the tmpfs itself.
	spareBytes = 16 * pageBytes
)

// writeFiles mounts a tmpfs that has room for the values and little else, since
// filling one counts as memory, and writes them. No capture of the guest's file
// system holds what is mounted.
func writeFiles(directory string, values map[string][]byte) error {
	if err := clearWay(directory); err != nil {
		return err
	}
	options := fmt.Sprintf("mode=0700,size=%d", roomFor(values))
	if err := unix.Mount("tmpfs", directory, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, options); err != nil {
		return fmt.Errorf("mount a tmpfs on %s: %w", directory, err)
	}
	root, err := os.OpenRoot(directory)
	if err != nil {
		return err
	}
	defer root.Close()
	for name, value := range values {
		if err := writeFile(root, name, value); err != nil {
			return err
		}
	}
	return nil
}

// clearWay makes directory. A snapshot may hold something else in its place.
func clearWay(directory string) error {
	if info, err := os.Lstat(directory); err == nil && !info.IsDir() {
		if err := os.Remove(directory); err != nil {
			return err
		}
	}
	return os.MkdirAll(filepath.Clean(directory), 0o700)
}

func writeFile(root *os.Root, name string, value []byte) error {
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o400)
	if err != nil {
		return err
	}
	_, err = file.Write(value)
	return errors.Join(err, file.Close())
}

func roomFor(values map[string][]byte) int {
	size := spareBytes
	for _, value := range values {
		size += (len(value)/pageBytes + 1) * pageBytes
	}
	return size
}
