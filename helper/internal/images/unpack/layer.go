// One layer: its entries in their order.

package unpack

import (
	"archive/tar"
	"context"
	"errors"
	"io"
	"strings"

	"golang.org/x/sys/unix"

	"pyro-mcp/helper/internal/images/failure"
)

// Apply puts a layer over what is there. content is as it was downloaded,
// layerBytes long; gzip, zstd and plain tar are told apart by their first bytes.
func (t *Tree) Apply(ctx context.Context, content io.Reader, layerBytes int64) error {
	expanded, err := expand(content)
	if err != nil {
		return err
	}
	defer expanded.Close()
	t.fresh = map[uint64]struct{}{}
	archive := tar.NewReader(t.limits.bounded(expanded, layerBytes))
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return malformed(err)
		}
		if err := t.countEntry(header.Size); err != nil {
			return err
		}
		if err := t.put(header, archive); err != nil {
			return explain(header, err)
		}
	}
}

func malformed(err error) error {
	var known *failure.Error
	if errors.As(err, &known) {
		return known
	}
	return &failure.Error{Code: failure.ImageInvalid, Message: "a layer of the image is malformed", Cause: err}
}

// explain tells what the image is to blame for from what the host is.
func explain(header *tar.Header, err error) error {
	var known *failure.Error
	if errors.As(err, &known) {
		return known
	}
	var errno unix.Errno
	if !errors.As(err, &errno) {
		return malformed(err)
	}
	switch errno {
	case unix.ENAMETOOLONG, unix.EINVAL, unix.EPERM, unix.ENOENT, unix.ENOTDIR, unix.ELOOP, unix.EILSEQ, unix.EMLINK:
		return &failure.Error{Code: failure.ImageInvalid, Message: "an entry of the image cannot be made: " + shortened(header.Name), Cause: err}
	default:
		return failure.Storage(err, "an entry of the image could not be written: %s", shortened(header.Name))
	}
}

const (
	whiteoutPrefix = ".wh."
	// Of aufs, for its own use, but for the next one.
	aufsPrefix = ".wh..wh."
	opaqueName = ".wh..wh..opq"
)

func (t *Tree) put(header *tar.Header, content io.Reader) error {
	path, name, err := splitName(header.Name)
	if err != nil {
		return err
	}
	if len(path)+1+len(name) > maxPathBytes {
		return pathTooLong()
	}
	if header.Typeflag == tar.TypeXGlobalHeader {
		return nil
	}
	if name == "" {
		return t.putRoot(header)
	}
	if strings.HasPrefix(name, whiteoutPrefix) {
		return t.whiteOut(path, name)
	}
	parent, err := t.folderOf(path)
	if err != nil {
		return err
	}
	if parent.pathBytes+1+len(name) > maxPathBytes {
		return pathTooLong()
	}
	return t.putInto(parent, name, header, content)
}

func (t *Tree) putInto(parent *openFolder, name string, header *tar.Header, content io.Reader) error {
	switch header.Typeflag {
	case tar.TypeReg, tar.TypeCont, tar.TypeGNUSparse:
		return t.putFile(parent, name, header, content)
	case tar.TypeDir:
		return t.putFolder(parent, name, header)
	case tar.TypeSymlink:
		return t.putSymlink(parent, name, header)
	case tar.TypeLink:
		return t.putHardLink(parent, name, header)
	case tar.TypeFifo:
		return t.putFifo(parent, name, header)
	case tar.TypeChar, tar.TypeBlock:
		return t.putDevice(parent, name, header)
	default:
		t.notes.add(noteUnknown)
		return nil
	}
}

// whiteOut applies a marker: what lower layers have is gone.
func (t *Tree) whiteOut(path, name string) error {
	target := strings.TrimPrefix(name, whiteoutPrefix)
	isOpaque := name == opaqueName
	switch {
	case !isOpaque && strings.HasPrefix(name, aufsPrefix):
		return nil
	case target == "" || target == "." || target == "..":
		return failure.New(failure.ImageHostile, "a layer of the image has a marker for removing %q", target)
	}
	parent, err := t.findFolder(path)
	if isMissing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if isOpaque {
		return t.emptyLower(parent.fd, ".")
	}
	return t.removeLower(parent.fd, target)
}
