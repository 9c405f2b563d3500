// Extended attributes, as PAX records.

package disk

import (
	"archive/tar"
	"errors"
	"strings"

	"golang.org/x/sys/unix"
)

// paxXattr is the prefix that star and GNU tar use.
const paxXattr = "SCHILY.xattr."

// addXattrs adds those of an open file to its header. A name with "=" has no
// place in a PAX record, and is left out.
func addXattrs(header *tar.Header, fd int) error {
	names, err := listXattrs(fd)
	if err != nil {
		return err
	}
	for _, name := range names {
		value, err := readXattr(fd, name)
		if err != nil {
			return err
		}
		if !strings.Contains(name, "=") {
			header.PAXRecords[paxXattr+name] = string(value)
		}
	}
	return nil
}

func listXattrs(fd int) ([]string, error) {
	list, err := sized(func(buffer []byte) (int, error) { return unix.Flistxattr(fd, buffer) })
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return strings.Split(strings.TrimSuffix(string(list), "\x00"), "\x00"), nil
}

func readXattr(fd int, name string) ([]byte, error) {
	return sized(func(buffer []byte) (int, error) { return unix.Fgetxattr(fd, name, buffer) })
}

// sized calls get for the size and then for the bytes.
func sized(get func([]byte) (int, error)) ([]byte, error) {
	size, err := get(nil)
	if errors.Is(err, unix.ENOTSUP) || (err == nil && size == 0) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	buffer := make([]byte, size)
	n, err := get(buffer)
	if err != nil {
		return nil, err
	}
	return buffer[:n], nil
}
