// Package overlay turns the tar of an overlay's upper layer, as runsc's `tar
// rootfs-upper` writes it, into a layer of an image: overlayfs marks what is
// deleted by a character device 0:0 and what is replaced by an attribute
// (Documentation/filesystems/overlayfs.rst), image layers by names
// (image-spec, layer.md, "Whiteouts"). The engine's order is another one each
// time; a layer's is not, so that the same tree becomes the same layer.
package overlay

import (
	"archive/tar"
	"fmt"
	"io"
	"path"
	"strings"
	"time"
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

// Report gets the bytes of contents.
type Report func(done, total int64)

// Convert writes the layer in from to to, sorted by name, and with no time after
// latest: what has one was touched by the start of the guest that from is taken
// from. The reader of from stands at its start.
func Convert(to io.Writer, from io.ReadSeeker, latest time.Time, report Report) error {
	entries, contentBytes, err := list(from)
	if err != nil {
		return err
	}
	c := &conversion{from: from, writer: tar.NewWriter(to), latest: latest, told: &progress{report: report, total: contentBytes}}
	for _, each := range entries {
		if err := c.writeEntry(each); err != nil {
			return fmt.Errorf("%s: %w", each.name, err)
		}
	}
	return c.writer.Close()
}

type conversion struct {
	from   io.ReadSeeker
	writer *tar.Writer
	latest time.Time
	told   *progress
}

func (c *conversion) writeEntry(each entry) error {
	if _, err := c.from.Seek(each.headersAt, io.SeekStart); err != nil {
		return err
	}
	reader := tar.NewReader(c.from)
	header, err := reader.Next()
	if err != nil {
		return err
	}
	if each.isDeletion {
		return c.writeMark(path.Join(path.Dir(each.name), whiteoutPrefix+path.Base(each.name)))
	}
	isOpaque := header.Typeflag == tar.TypeDir && header.PAXRecords[opaqueXattr] == "y"
	if header.ModTime.After(c.latest) {
		header.ModTime = c.latest
	}
	if err := c.writer.WriteHeader(layerHeader(header, each)); err != nil {
		return err
	}
	if isOpaque {
		return c.writeMark(path.Join(each.name, opaqueName))
	}
	if each.linkTo != "" {
		return nil
	}
	_, err = io.Copy(io.MultiWriter(c.writer, c.told), reader)
	return err
}

// layerHeader is the header of a file, for one of its names.
func layerHeader(header *tar.Header, each entry) *tar.Header {
	for record := range header.PAXRecords {
		if strings.HasPrefix(record, xattrPrefix) {
			delete(header.PAXRecords, record)
		}
	}
	// Xattrs repeats the records, and the writer would bring them back from there.
	header.Xattrs = nil //nolint:staticcheck // see above
	header.Name, header.Format = each.name, tar.FormatUnknown
	switch {
	case each.linkTo != "":
		header.Typeflag, header.Linkname, header.Size, header.PAXRecords = tar.TypeLink, each.linkTo, 0, nil
	case header.Typeflag == tar.TypeDir:
		header.Name += "/"
	}
	return header
}

// writeMark writes the empty file that stands for a deletion. It is of no
// particular day: the engine's device has the time of some deletion.
func (c *conversion) writeMark(name string) error {
	return c.writer.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o600})
}

func isOwn(name string) bool {
	for _, each := range own {
		if name == each || name == each+temporarySuffix || strings.HasPrefix(name, each+"/") {
			return true
		}
	}
	return false
}

// progress counts what is written.
type progress struct {
	report      Report
	done, total int64
}

func (p *progress) Write(piece []byte) (int, error) {
	p.done += int64(len(piece))
	p.report(p.done, p.total)
	return len(piece), nil
}
