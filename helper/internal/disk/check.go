// What may be in the tar of a guest.

package disk

import (
	"archive/tar"
	"bufio"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

const (
	// maxEntries bounds memory: the library keeps every inode until the end.
	maxEntries = 2_000_000
	maxName    = 255
	maxPath    = 64 << 10
	// maxTarget is what one block of a symbolic link holds.
	maxTarget = 4095
	// maxXattrBytes is less than an inode and one block hold together. What does
	// not fit is left out.
	maxXattrBytes = 3500
	xattrOverhead = 32
	paxXattr      = "SCHILY.xattr."
)

// check copies a tar without anything that has no place in an image. Holes come
// out as zeros.
func check(input io.Reader, output io.Writer) error {
	to := bufio.NewWriterSize(output, 1<<20)
	from, tarTo := tar.NewReader(bufio.NewReaderSize(input, 1<<20)), tar.NewWriter(to)
	var total int64
	for count := 0; ; count++ {
		header, err := from.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("the archive is broken: %w", err)
		}
		if count >= maxEntries {
			return fmt.Errorf("%w: more than %d entries", errTooLarge, maxEntries)
		}
		clean, err := cleaned(header)
		if err != nil {
			return err
		}
		if total += clean.Size; total > maxImageBytes {
			return fmt.Errorf("%w, at %q", errTooLarge, header.Name)
		}
		if err := tarTo.WriteHeader(clean); err != nil {
			return err
		}
		if _, err := io.CopyN(tarTo, from, clean.Size); err != nil {
			return err
		}
	}
	if err := tarTo.Close(); err != nil {
		return err
	}
	return to.Flush()
}

// cleaned returns a header that says the same, and nothing more.
func cleaned(header *tar.Header) (*tar.Header, error) {
	name, err := cleanPath(header.Name)
	if err != nil {
		return nil, err
	}
	clean := &tar.Header{
		Format:     tar.FormatPAX,
		Typeflag:   header.Typeflag,
		Name:       name,
		Mode:       header.Mode & 0o7777,
		Uid:        header.Uid,
		Gid:        header.Gid,
		ModTime:    header.ModTime,
		AccessTime: header.AccessTime,
		ChangeTime: header.ChangeTime,
		PAXRecords: xattrsOf(header),
	}
	switch header.Typeflag {
	case tar.TypeReg:
		clean.Size = header.Size
	case tar.TypeDir, tar.TypeFifo:
	case tar.TypeSymlink:
		if clean.Linkname = header.Linkname; len(clean.Linkname) > maxTarget {
			return nil, fmt.Errorf("%.80q: the target of the link is too long", header.Name)
		}
	case tar.TypeLink:
		if clean.Linkname, err = cleanPath(header.Linkname); err != nil {
			return nil, err
		}
	case tar.TypeChar, tar.TypeBlock:
		clean.Devmajor, clean.Devminor = header.Devmajor, header.Devminor
	default:
		return nil, fmt.Errorf("%.80q is of the unknown type %q", header.Name, header.Typeflag)
	}
	return clean, nil
}

// cleanPath is relative to the root of the image, and stays within it.
func cleanPath(name string) (string, error) {
	clean := path.Clean("/" + name)
	if len(clean) > maxPath || strings.ContainsRune(clean, 0) {
		return "", fmt.Errorf("%.80q is no path", name)
	}
	for _, part := range strings.Split(clean, "/") {
		if len(part) > maxName {
			return "", fmt.Errorf("%.80q: a name has at most %d bytes", name, maxName)
		}
	}
	return "." + clean, nil
}

func xattrsOf(header *tar.Header) map[string]string {
	kept := map[string]string{}
	left := maxXattrBytes
	for key, value := range header.PAXRecords {
		if size := len(key) - len(paxXattr) + len(value) + xattrOverhead; strings.HasPrefix(key, paxXattr) && size <= left {
			kept[key] = value
			left -= size
		}
	}
	return kept
}
