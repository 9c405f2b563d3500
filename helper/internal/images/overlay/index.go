// Which entries a tar has, in the order in which the layer will have them.

package overlay

import (
	"archive/tar"
	"cmp"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// blockBytes is tar's unit, tar(5).
const blockBytes = 512

// ErrName is a name that no layer of an image can hold.
var ErrName = errors.New("a layer cannot hold this name")

// entry is one name of the layer. Its headers are read again when it is written:
// a tree of a hundred thousand files would not fit into memory otherwise.
type entry struct {
	name string
	// headersAt is where the headers of its file are in the tar: those of the
	// first name, when it has several.
	headersAt int64
	// isDeletion: a lower layer has it, this one hides it.
	isDeletion bool
	// linkTo is another name of the same file, which the layer has before this one.
	linkTo string
}

// file is what hard links share.
type file struct {
	headersAt  int64
	isDeletion bool
	// first is the least of its names.
	first string
}

// list reads the headers in from and returns the entries by name, and how many
// bytes their contents have. Of the names of one file the first one holds the
// content, whichever of them the engine has met first.
func list(from io.ReadSeeker) (entries []entry, contentBytes int64, err error) {
	files := map[string]*file{}
	reader := tar.NewReader(from)
	for headersAt := int64(0); ; {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return sorted(files), contentBytes, nil
		}
		if err != nil {
			return nil, 0, err
		}
		name := path.Clean(header.Name)
		found := &file{headersAt: headersAt, isDeletion: isDeletion(header)}
		if header.Typeflag == tar.TypeLink {
			if found = files[path.Clean(header.Linkname)]; found == nil {
				return nil, 0, fmt.Errorf("%q is a link to what is not there", name)
			}
		}
		files[name] = found
		if !isOwn(name) {
			if err := checkName(name); err != nil {
				return nil, 0, err
			}
			if found.first == "" || name < found.first {
				found.first = name
			}
		}
		if headersAt, err = nextHeaders(from, header); err != nil {
			return nil, 0, err
		}
		contentBytes += header.Size
	}
}

// sorted returns the entries of all names but our own. A directory's name is the
// beginning of what is in it: it comes before that.
func sorted(files map[string]*file) []entry {
	entries := make([]entry, 0, len(files))
	for name, found := range files {
		if isOwn(name) {
			continue
		}
		each := entry{name: name, headersAt: found.headersAt, isDeletion: found.isDeletion}
		if name != found.first && !found.isDeletion {
			each.linkTo = found.first
		}
		entries = append(entries, each)
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Compare(a.name, b.name) })
	return entries
}

// nextHeaders tells where the headers after those of header begin. The reader
// has read nothing of the content yet.
func nextHeaders(from io.Seeker, header *tar.Header) (int64, error) {
	contentAt, err := from.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0, err
	}
	switch header.Typeflag {
	case tar.TypeReg:
		return contentAt + (header.Size+blockBytes-1)/blockBytes*blockBytes, nil
	case tar.TypeDir, tar.TypeLink, tar.TypeSymlink, tar.TypeFifo, tar.TypeChar, tar.TypeBlock:
		return contentAt, nil
	default:
		return 0, fmt.Errorf("%q is of a type that the engine does not write", header.Name)
	}
}

// isDeletion: the engine makes one such device for many deletions, which are hard links in its tar.
func isDeletion(header *tar.Header) bool {
	return header.Typeflag == tar.TypeChar && header.Devmajor == 0 && header.Devminor == 0
}

func checkName(name string) error {
	if path.IsAbs(name) || name == ".." || strings.HasPrefix(name, "../") || strings.HasPrefix(path.Base(name), whiteoutPrefix) {
		return fmt.Errorf("%w: %q", ErrName, name)
	}
	return nil
}
