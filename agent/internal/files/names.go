// Reading directories.

package files

import (
	"bytes"
	"encoding/binary"

	"golang.org/x/sys/unix"
)

// directoryBufferBytes holds some hundred names, so that most directories take two reads.
const directoryBufferBytes = 32 << 10

// dirent is a name in a directory.
type dirent struct {
	name string
	// kind is DT_DIR and so on, DT_UNKNOWN where the file system does not tell.
	kind byte
}

// names lists the directory fd, which is open for reading, in no order, without
// "." and "..".
func (fd descriptor) names() (names []dirent, err error) {
	buffer := make([]byte, directoryBufferBytes)
	for {
		var n int
		err := retry(func() (err error) {
			n, err = unix.ReadDirent(int(fd), buffer)
			return err
		})
		if err != nil || n <= 0 {
			return names, err
		}
		names = parseDirents(names, buffer[:n])
	}
}

// isEmpty tells whether the directory fd, which is open for reading, has no names.
func (fd descriptor) isEmpty() (bool, error) {
	// A second look has to begin at the start.
	if _, err := unix.Seek(int(fd), 0, unix.SEEK_SET); err != nil {
		return false, err
	}
	names, err := fd.names()
	return len(names) == 0, err
}

// Where linux_dirent64 has its fields, getdents(2).
const (
	direntLength = 16
	direntKind   = 18
	direntName   = 19
)

func parseDirents(names []dirent, buffer []byte) []dirent {
	for len(buffer) > direntName {
		length := int(binary.NativeEndian.Uint16(buffer[direntLength:]))
		if length <= direntName || length > len(buffer) {
			break
		}
		name, _, _ := bytes.Cut(buffer[direntName:length], []byte{0})
		if text := string(name); text != "." && text != ".." {
			names = append(names, dirent{text, buffer[direntKind]})
		}
		buffer = buffer[length:]
	}
	return names
}

// isDirectory tells whether entry, of the directory fd, is one.
func (fd descriptor) isDirectory(entry dirent) bool {
	if entry.kind != unix.DT_UNKNOWN {
		return entry.kind == unix.DT_DIR
	}
	stat, err := fd.lookup(entry.name)
	return err == nil && isDirectory(&stat)
}
