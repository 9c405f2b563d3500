// A directory tree as an archive that says the same of the same tree.

package build

import (
	"archive/tar"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"pyro-mcp/helper/internal/images/failure"
)

// treeWriter writes one tree. Names come in order, times are in whole seconds
// and no later than latest, and what belongs to the user who runs this belongs
// to root: so nothing of the host and of the moment gets into it.
type treeWriter struct {
	root    string
	latest  time.Time
	exclude []string
	archive *tar.Writer
	report  func(done int64)
	done    int64
	// names are the first names of files that have several.
	names map[uint64]string
	// listed and value are for extended attributes.
	listed, value [maxAttributeBytes]byte
}

// writeTree writes everything below the base's directory but sockets and
// devices. report gets the bytes of contents.
func writeTree(w io.Writer, base Base, report func(done int64)) error {
	t := &treeWriter{root: base.RootfsDir, latest: base.Latest, archive: tar.NewWriter(w), report: report, names: map[uint64]string{}}
	for _, each := range base.Exclude {
		t.exclude = append(t.exclude, strings.Trim(filepath.Clean(each), "/"))
	}
	// WalkDir goes in lexical order and follows no links.
	if err := filepath.WalkDir(t.root, t.entry); err != nil {
		return err
	}
	return t.archive.Close()
}

func (t *treeWriter) entry(path string, entry fs.DirEntry, err error) error {
	if err != nil {
		return failure.Storage(err, "the tree cannot be read")
	}
	name, err := filepath.Rel(t.root, path)
	if err != nil {
		return err
	}
	if slices.Contains(t.exclude, name) {
		if entry.IsDir() {
			return fs.SkipDir
		}
		return nil
	}
	info, err := entry.Info()
	if err != nil {
		return failure.Storage(err, "the tree cannot be read")
	}
	if info.Mode()&(fs.ModeSocket|fs.ModeDevice) != 0 {
		return nil
	}
	header, err := t.header(path, name, info)
	if err != nil {
		return err
	}
	if err := t.archive.WriteHeader(header); err != nil {
		return err
	}
	if header.Typeflag != tar.TypeReg {
		return nil
	}
	return t.content(path, header.Size)
}

func (t *treeWriter) header(path, name string, info fs.FileInfo) (*tar.Header, error) {
	stat, isThere := info.Sys().(*syscall.Stat_t)
	if !isThere {
		return nil, failure.New(failure.Internal, "no owner is known of %s", name)
	}
	header := &tar.Header{
		Typeflag: tar.TypeReg, Name: name, Mode: int64(stat.Mode & 0o7777), Size: info.Size(), ModTime: t.timeOf(info),
		Uid: rootsOr(stat.Uid, os.Geteuid()), Gid: rootsOr(stat.Gid, os.Getegid()), Format: tar.FormatPAX,
	}
	switch {
	case info.IsDir():
		header.Typeflag, header.Name, header.Size = tar.TypeDir, name+"/", 0
	case info.Mode()&fs.ModeNamedPipe != 0:
		header.Typeflag, header.Size = tar.TypeFifo, 0
	case info.Mode()&fs.ModeSymlink != 0:
		target, err := os.Readlink(path)
		if err != nil {
			return nil, failure.Storage(err, "the tree cannot be read")
		}
		header.Typeflag, header.Linkname, header.Size = tar.TypeSymlink, target, 0
		return header, nil
	case stat.Nlink > 1:
		if first, isKnown := t.names[stat.Ino]; isKnown {
			header.Typeflag, header.Linkname, header.Size = tar.TypeLink, first, 0
			return header, nil
		}
		t.names[stat.Ino] = name
	}
	return header, t.attributes(path, header)
}

func (t *treeWriter) timeOf(info fs.FileInfo) time.Time {
	moment := info.ModTime().Truncate(time.Second)
	if !t.latest.IsZero() && moment.After(t.latest) {
		return t.latest
	}
	return moment
}

func rootsOr(owner uint32, user int) int {
	if int(owner) == user {
		return 0
	}
	return int(owner)
}

// attributePrefix is where tar keeps extended attributes, star(5).
const attributePrefix = "SCHILY.xattr."

const maxAttributeBytes = 64 << 10

// attributes keeps those that unpacking keeps: a program's capabilities, and
// what users attach.
func (t *treeWriter) attributes(path string, header *tar.Header) error {
	count, err := unix.Llistxattr(path, t.listed[:])
	if errors.Is(err, unix.ENOTSUP) {
		return nil
	}
	if err != nil {
		return failure.Storage(err, "the tree cannot be read")
	}
	for name := range strings.SplitSeq(string(t.listed[:count]), "\x00") {
		if name != "security.capability" && !strings.HasPrefix(name, "user.") {
			continue
		}
		count, err := unix.Lgetxattr(path, name, t.value[:])
		if err != nil {
			return failure.Storage(err, "the tree cannot be read")
		}
		if header.PAXRecords == nil {
			header.PAXRecords = map[string]string{}
		}
		header.PAXRecords[attributePrefix+name] = string(t.value[:count])
	}
	return nil
}

func (t *treeWriter) content(path string, sizeBytes int64) error {
	file, err := os.OpenFile(path, os.O_RDONLY|unix.O_NOFOLLOW, 0)
	if err != nil {
		return failure.Storage(err, "the tree cannot be read")
	}
	defer file.Close()
	if _, err := io.CopyN(t.archive, file, sizeBytes); err != nil {
		return failure.Storage(err, "a file changed while it was read: %s", path)
	}
	t.done += sizeBytes
	t.report(t.done)
	return nil
}
