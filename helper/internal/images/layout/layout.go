// Package layout reads images from directories in OCI layout, image-spec
// "image-layout.md".
package layout

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"golang.org/x/sys/unix"

	"pyro-mcp/helper/internal/images/failure"
	"pyro-mcp/helper/internal/images/manifest"
)

// Scheme begins references to such directories, as other tools have it.
const Scheme = "oci:"

const (
	indexName = "index.json"
	// tagAnnotation names an image of an index, image-spec "annotations.md".
	tagAnnotation = "org.opencontainers.image.ref.name"
	// maxTags bounds the list in an error.
	maxTags = 20
)

// Layout is a directory with images.
type Layout struct {
	directory string
	// tag chooses one of several images; "" wants the only one.
	tag string
}

// Open takes an absolute path, or one with `:TAG`.
func Open(place string) (*Layout, error) {
	if !filepath.IsAbs(place) {
		return nil, failure.New(failure.InvalidInput, "%q is no absolute path", place)
	}
	if isThere(place) {
		return &Layout{directory: place}, nil
	}
	if colon := strings.LastIndexByte(place, ':'); colon > strings.LastIndexByte(place, '/') && isThere(place[:colon]) {
		return &Layout{directory: place[:colon], tag: place[colon+1:]}, nil
	}
	return nil, &failure.Error{
		Code: failure.ImageNotFound, Message: "there is no directory with an image at " + place,
		Hint: "A directory in OCI layout has a file index.json.",
	}
}

func isThere(directory string) bool {
	_, err := os.Stat(filepath.Join(directory, indexName))
	return err == nil
}

// Resolve reads the directory's index.
func (l *Layout) Resolve(context.Context) (*manifest.Manifest, error) {
	raw, err := l.readDocument(indexName)
	if err != nil {
		return nil, err
	}
	index, err := v1.ParseIndexManifest(bytes.NewReader(raw))
	if err != nil {
		return nil, &failure.Error{Code: failure.ImageInvalid, Message: l.directory + " has a malformed index", Cause: err}
	}
	named, err := l.choose(index.Manifests)
	if err != nil {
		return nil, err
	}
	top, err := l.open(named)
	if err != nil {
		return nil, err
	}
	return manifest.Choose(top, l.open)
}

// choose returns what the tag names, or the only image.
func (l *Layout) choose(images []v1.Descriptor) (v1.Descriptor, error) {
	tags := []string{}
	for _, each := range images {
		tag := each.Annotations[tagAnnotation]
		if (l.tag == "" && len(images) == 1) || (l.tag != "" && tag == l.tag) {
			return each, nil
		}
		if tag != "" && len(tags) < maxTags {
			tags = append(tags, tag)
		}
	}
	missing := &failure.Error{
		Code: failure.ImageNotFound, Message: l.directory + " has no image with the tag " + l.tag,
		Hint: "It has no image with a tag.", Details: map[string]any{"tags": tags},
	}
	if l.tag == "" {
		missing.Message = fmt.Sprintf("%s has %d images", l.directory, len(images))
	}
	if len(tags) > 0 {
		missing.Hint = "Name one of its tags, as in " + Scheme + l.directory + ":" + tags[0] + "; it has " + strings.Join(tags, ", ") + "."
	}
	return v1.Descriptor{}, missing
}

// open reads a manifest or an index, whose digest it checks.
func (l *Layout) open(blob v1.Descriptor) (manifest.Document, error) {
	raw, err := l.readDocument(blobPath(blob.Digest))
	if err != nil {
		return manifest.Document{}, err
	}
	digest, _, err := v1.SHA256(bytes.NewReader(raw))
	if err == nil && digest != blob.Digest {
		err = failure.New(failure.ImageInvalid, "the manifest in %s is not the one that its index names", l.directory)
	}
	return manifest.Document{Raw: raw, Digest: digest, MediaType: blob.MediaType}, err
}

// readDocument reads at most one byte more than a document may have.
func (l *Layout) readDocument(name string) ([]byte, error) {
	file, err := l.openFile(name)
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(io.LimitReader(file, manifest.MaxBytes+1))
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, failure.Storage(err, "%s cannot be read", l.directory)
	}
	return raw, nil
}

// openFile does not wait for whoever writes to a pipe in a file's place.
func (l *Layout) openFile(name string) (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(l.directory, name), os.O_RDONLY|unix.O_NONBLOCK, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, failure.New(failure.ImageInvalid, "%s lacks a part of the image: %s", l.directory, name)
	}
	if err != nil {
		return nil, failure.Storage(err, "%s cannot be read", l.directory)
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = failure.New(failure.ImageInvalid, "%s in %s is no file", name, l.directory)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

func blobPath(digest v1.Hash) string { return filepath.Join("blobs", digest.Algorithm, digest.Hex) }

// Blob opens a blob from offset on. Whoever reads checks the digest.
func (l *Layout) Blob(_ context.Context, blob v1.Descriptor, offset int64) (content io.ReadCloser, start int64, err error) {
	file, err := l.openFile(blobPath(blob.Digest))
	if err != nil {
		return nil, 0, err
	}
	if _, err := file.Seek(offset, io.SeekStart); err != nil {
		return nil, 0, errors.Join(failure.Storage(err, "%s cannot be read", l.directory), file.Close())
	}
	return file, offset, nil
}

// Explain is for a disk that fails.
func (l *Layout) Explain(_ context.Context, err error) error {
	return failure.Storage(err, "%s cannot be read", l.directory)
}

// RangeIgnored never holds: a file is read from any offset.
func (l *Layout) RangeIgnored(error) bool { return false }

// FirstPause is none: nothing of a disk comes by waiting.
func (l *Layout) FirstPause() time.Duration { return 0 }
