// Package overlay turns the tar of an overlay's upper layer, as runsc's `tar
// rootfs-upper` writes it, into a layer of an image: overlayfs marks what is
// deleted by a character device 0:0 and what is replaced by an attribute
// (Documentation/filesystems/overlayfs.rst), image layers by names
// (image-spec, layer.md, "Whiteouts").
package overlay

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

const (
	whiteoutPrefix = ".wh."
	opaqueName     = ".wh..wh..opq"
	xattrPrefix    = "SCHILY.xattr.trusted.overlay."
	opaqueXattr    = xattrPrefix + "opaque"
)

// own is what the product itself puts into a guest's tree.
var own = []string{
	"run/pyro", "usr/lib/pyro", "tmp/.pyro-keep",
	// Of one guest: every guest gets its own.
	"etc/machine-id", "etc/hostname", "etc/hosts", "etc/resolv.conf",
}

// temporarySuffix is of the files with which the agent replaces others.
const temporarySuffix = ".pyro-new"

// ErrName is a name that no layer of an image can hold.
var ErrName = errors.New("a layer cannot hold this name")

// Convert copies the layer in from to to, in its order.
func Convert(to io.Writer, from io.Reader) error {
	reader, writer := tar.NewReader(from), tar.NewWriter(to)
	deleted := map[string]bool{}
	for {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return writer.Close()
		}
		if err != nil {
			return err
		}
		if err := convertEntry(writer, header, reader, deleted); err != nil {
			return err
		}
	}
}

// convertEntry adds what header says is deleted to deleted: the engine makes one
// device for many deletions, which become hard links in its tar.
func convertEntry(writer *tar.Writer, header *tar.Header, content io.Reader, deleted map[string]bool) error {
	name := path.Clean(header.Name)
	isDevice := header.Typeflag == tar.TypeChar && header.Devmajor == 0 && header.Devminor == 0
	if isDevice || header.Typeflag == tar.TypeLink && deleted[path.Clean(header.Linkname)] {
		deleted[name] = true
	}
	if isOwn(name) {
		return nil
	}
	base := path.Base(name)
	if path.IsAbs(name) || name == ".." || strings.HasPrefix(name, "../") || strings.HasPrefix(base, whiteoutPrefix) {
		return fmt.Errorf("%w: %q", ErrName, name)
	}
	if deleted[name] {
		return writeMark(writer, header, path.Join(path.Dir(name), whiteoutPrefix+base))
	}
	isOpaque := header.Typeflag == tar.TypeDir && header.PAXRecords[opaqueXattr] == "y"
	for record := range header.PAXRecords {
		if strings.HasPrefix(record, xattrPrefix) {
			delete(header.PAXRecords, record)
		}
	}
	// Xattrs repeats the records, and the writer would bring them back from there.
	header.Xattrs = nil //nolint:staticcheck // see above
	header.Name, header.Format = name, tar.FormatUnknown
	if header.Typeflag == tar.TypeDir {
		header.Name += "/"
	}
	if header.Typeflag == tar.TypeLink {
		header.Linkname = path.Clean(header.Linkname)
	}
	if err := writer.WriteHeader(header); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if _, err := io.Copy(writer, content); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if isOpaque {
		return writeMark(writer, header, path.Join(name, opaqueName))
	}
	return nil
}

// writeMark writes the empty file that stands for a deletion.
func writeMark(writer *tar.Writer, header *tar.Header, name string) error {
	return writer.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o600, ModTime: header.ModTime})
}

func isOwn(name string) bool {
	for _, each := range own {
		if name == each || name == each+temporarySuffix || strings.HasPrefix(name, each+"/") {
			return true
		}
	}
	return false
}
