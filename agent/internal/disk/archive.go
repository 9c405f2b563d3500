// The way through the file system. Nothing else runs in the guest meanwhile, so
// that a file which changes is a failure and no event.

package disk

import (
	"archive/tar"
	"bufio"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// archive is one tar in the making.
type archive struct {
	to     *bufio.Writer
	tar    *tar.Writer
	mounts map[string]bool
	// first names the first path of every file that has several.
	first   map[fileID]string
	entries uint64
}

type fileID struct{ dev, ino uint64 }

// writeArchive returns how many entries the archive has.
func writeArchive(to *bufio.Writer, root string, mounts map[string]bool) (uint64, error) {
	a := &archive{to: to, tar: tar.NewWriter(to), mounts: mounts, first: map[fileID]string{}}
	top, err := os.Open(root)
	if err != nil {
		return 0, err
	}
	defer top.Close()
	if err := a.directory(top, "/"); err != nil {
		return 0, err
	}
	return a.entries, a.tar.Close()
}

// directory writes the entry of an open directory and everything in it, which
// stands at the absolute path at.
func (a *archive) directory(dir *os.File, at string) error {
	var stat unix.Stat_t
	if err := unix.Fstat(int(dir.Fd()), &stat); err != nil {
		return fmt.Errorf("%s: %w", at, err)
	}
	header := headerOf(&stat, at)
	if err := addXattrs(header, int(dir.Fd())); err != nil {
		return fmt.Errorf("%s: %w", at, err)
	}
	if err := a.write(header); err != nil {
		return err
	}
	names, err := dir.Readdirnames(-1)
	if err != nil {
		return fmt.Errorf("%s: %w", at, err)
	}
	slices.Sort(names)
	for _, name := range names {
		below := path.Join(at, name)
		if ours[below] {
			continue
		}
		if err := a.entry(int(dir.Fd()), name, below); err != nil {
			return err
		}
	}
	return nil
}

func (a *archive) entry(dir int, name, at string) error {
	var stat unix.Stat_t
	if err := unix.Fstatat(dir, name, &stat, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return fmt.Errorf("%s: %w", at, err)
	}
	if a.mounts[at] {
		return a.mountPoint(&stat, at)
	}
	if a.isLinked(&stat, at) {
		header := headerOf(&stat, at)
		header.Typeflag, header.Size = tar.TypeLink, 0
		header.Linkname = nameOf(a.first[idOf(&stat)])
		return a.write(header)
	}
	switch stat.Mode & unix.S_IFMT {
	case unix.S_IFDIR:
		child, err := openAt(dir, name, unix.O_DIRECTORY, at)
		if err != nil {
			return err
		}
		defer child.Close()
		return a.directory(child, at)
	case unix.S_IFREG:
		file, err := openAt(dir, name, 0, at)
		if err != nil {
			return err
		}
		defer file.Close()
		return a.file(file, &stat, at)
	case unix.S_IFLNK:
		header := headerOf(&stat, at)
		target, err := readLink(dir, name)
		if err != nil {
			return fmt.Errorf("%s: %w", at, err)
		}
		header.Linkname = target
		return a.write(header)
	case unix.S_IFSOCK:
		return nil
	default:
		return a.write(headerOf(&stat, at))
	}
}

// mountPoint stands for what is mounted: an empty directory, or nothing.
func (a *archive) mountPoint(stat *unix.Stat_t, at string) error {
	if stat.Mode&unix.S_IFMT != unix.S_IFDIR {
		return nil
	}
	header := headerOf(stat, at)
	header.Mode = 0o755
	return a.write(header)
}

func (a *archive) file(file *os.File, stat *unix.Stat_t, at string) error {
	header := headerOf(stat, at)
	if err := addXattrs(header, int(file.Fd())); err != nil {
		return fmt.Errorf("%s: %w", at, err)
	}
	parts, err := dataOf(int(file.Fd()), stat.Size)
	if err != nil {
		return fmt.Errorf("%s: %w", at, err)
	}
	if isSparse(parts, stat.Size) {
		return a.sparse(header, file, parts)
	}
	if err := a.write(header); err != nil {
		return err
	}
	if _, err := io.CopyN(a.tar, file, stat.Size); err != nil {
		return fmt.Errorf("%s: %w", at, err)
	}
	return nil
}

// isLinked tells whether the file was met before, and remembers it if not.
func (a *archive) isLinked(stat *unix.Stat_t, at string) bool {
	if stat.Nlink < 2 || stat.Mode&unix.S_IFMT == unix.S_IFDIR {
		return false
	}
	_, met := a.first[idOf(stat)]
	if !met {
		a.first[idOf(stat)] = at
	}
	return met
}

func (a *archive) write(header *tar.Header) error {
	a.entries++
	if err := a.tar.WriteHeader(header); err != nil {
		return fmt.Errorf("%s: %w", header.Name, err)
	}
	return nil
}

func idOf(stat *unix.Stat_t) fileID { return fileID{dev: stat.Dev, ino: stat.Ino} }

// nameOf makes an absolute path one of the archive.
func nameOf(at string) string { return "." + at }

func headerOf(stat *unix.Stat_t, at string) *tar.Header {
	header := &tar.Header{
		Format:     tar.FormatPAX,
		Name:       nameOf(at),
		Mode:       int64(stat.Mode & 0o7777),
		Uid:        int(stat.Uid),
		Gid:        int(stat.Gid),
		ModTime:    time.Unix(stat.Mtim.Sec, stat.Mtim.Nsec),
		AccessTime: time.Unix(stat.Atim.Sec, stat.Atim.Nsec),
		ChangeTime: time.Unix(stat.Ctim.Sec, stat.Ctim.Nsec),
		PAXRecords: map[string]string{},
	}
	switch stat.Mode & unix.S_IFMT {
	case unix.S_IFDIR:
		header.Typeflag = tar.TypeDir
	case unix.S_IFREG:
		header.Typeflag, header.Size = tar.TypeReg, stat.Size
	case unix.S_IFLNK:
		header.Typeflag = tar.TypeSymlink
	case unix.S_IFIFO:
		header.Typeflag = tar.TypeFifo
	case unix.S_IFCHR, unix.S_IFBLK:
		header.Typeflag = tar.TypeChar
		if stat.Mode&unix.S_IFMT == unix.S_IFBLK {
			header.Typeflag = tar.TypeBlock
		}
		header.Devmajor = int64(unix.Major(stat.Rdev))
		header.Devminor = int64(unix.Minor(stat.Rdev))
	}
	return header
}

func openAt(dir int, name string, flags int, at string) (*os.File, error) {
	fd, err := unix.Openat(dir, name, flags|unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_CLOEXEC|unix.O_NOATIME, 0)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", at, err)
	}
	return os.NewFile(uintptr(fd), at), nil
}

func readLink(dir int, name string) (string, error) {
	buffer := make([]byte, unix.PathMax)
	n, err := unix.Readlinkat(dir, name, buffer)
	if err != nil {
		return "", err
	}
	return string(buffer[:n]), nil
}
