// Files with holes, in the format 1.0 that GNU tar gave them: PAX records tell
// name and size, and a list of the parts stands before the data.

package disk

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"strconv"

	"golang.org/x/sys/unix"
)

const (
	blockBytes = 512
	// maxParts bounds the list; what comes after them counts as data to the end.
	maxParts = 10_000
)

// part is a piece of a file that holds data.
type part struct{ start, end int64 }

// dataOf finds the parts of a file that hold data, lseek(2). Where holes are not
// known, that is all of it.
func dataOf(fd int, size int64) ([]part, error) {
	var parts []part
	for at := int64(0); at < size; {
		start, err := unix.Seek(fd, at, unix.SEEK_DATA)
		if errors.Is(err, unix.ENXIO) {
			break
		}
		end := size
		if err == nil {
			end, err = unix.Seek(fd, start, unix.SEEK_HOLE)
		}
		if err != nil || start < at || end <= start || len(parts) == maxParts {
			start, end = at, size
		}
		parts = append(parts, part{start: start, end: min(end, size)})
		at = end
	}
	_, err := unix.Seek(fd, 0, io.SeekStart)
	return parts, err
}

func isSparse(parts []part, size int64) bool {
	var data int64
	for _, p := range parts {
		data += p.end - p.start
	}
	return data < size
}

// sparse writes the entry of a file with holes. archive/tar reads the format and
// does not write it: the header of the records is made here.
func (a *archive) sparse(header *tar.Header, file *os.File, parts []part) error {
	list := listOf(parts, header.Size)
	stored := int64(len(list))
	for _, p := range parts {
		stored += p.end - p.start
	}
	records := sparseRecords(header)
	if err := a.tar.Flush(); err != nil {
		return err
	}
	a.entries++
	if err := writeBlocks(a.to, header, 'x', records); err != nil {
		return err
	}
	block := ustar(header, tar.TypeReg, stored)
	if _, err := a.to.Write(block[:]); err != nil {
		return err
	}
	if _, err := a.to.Write(list); err != nil {
		return err
	}
	for _, p := range parts {
		if _, err := io.Copy(a.to, io.NewSectionReader(file, p.start, p.end-p.start)); err != nil {
			return fmt.Errorf("%s: %w", header.Name, err)
		}
	}
	return pad(a.to, stored)
}

// listOf is the list of the parts in decimal lines, filled up to whole blocks.
func listOf(parts []part, size int64) []byte {
	var list bytes.Buffer
	fmt.Fprintf(&list, "%d\n", len(parts)+1)
	for _, p := range parts {
		fmt.Fprintf(&list, "%d\n%d\n", p.start, p.end-p.start)
	}
	// The end, so that a hole there counts.
	fmt.Fprintf(&list, "%d\n0\n", size)
	list.Write(make([]byte, padding(int64(list.Len()))))
	return list.Bytes()
}

func sparseRecords(header *tar.Header) []byte {
	all := map[string]string{
		"GNU.sparse.major":    "1",
		"GNU.sparse.minor":    "0",
		"GNU.sparse.name":     header.Name,
		"GNU.sparse.realsize": strconv.FormatInt(header.Size, 10),
		"mtime":               timeRecord(header.ModTime.Unix(), header.ModTime.Nanosecond()),
		"atime":               timeRecord(header.AccessTime.Unix(), header.AccessTime.Nanosecond()),
		"ctime":               timeRecord(header.ChangeTime.Unix(), header.ChangeTime.Nanosecond()),
		"uid":                 strconv.Itoa(header.Uid),
		"gid":                 strconv.Itoa(header.Gid),
	}
	maps.Copy(all, header.PAXRecords)
	var records []byte
	for key, value := range all {
		records = append(records, record(key, value)...)
	}
	return records
}

func timeRecord(seconds int64, nanos int) string { return fmt.Sprintf("%d.%09d", seconds, nanos) }

// record is "LENGTH KEY=VALUE\n", where LENGTH counts itself, pax(1).
func record(key, value string) string {
	rest := len(key) + len(value) + 3
	length := rest + len(strconv.Itoa(rest))
	if total := rest + len(strconv.Itoa(length)); total != length {
		length = total
	}
	return fmt.Sprintf("%d %s=%s\n", length, key, value)
}

// writeBlocks writes a header of one type and its content.
func writeBlocks(to io.Writer, header *tar.Header, typeflag byte, content []byte) error {
	block := ustar(header, typeflag, int64(len(content)))
	if _, err := to.Write(block[:]); err != nil {
		return err
	}
	if _, err := to.Write(content); err != nil {
		return err
	}
	return pad(to, int64(len(content)))
}

// ustar is a header block; what does not fit into it stands in the records.
func ustar(header *tar.Header, typeflag byte, size int64) [blockBytes]byte {
	var block [blockBytes]byte
	name := path.Base(header.Name)
	copy(block[0:99], "GNUSparseFile.0/"+name[:min(len(name), 80)])
	octal(block[100:108], header.Mode)
	octal(block[124:136], size)
	copy(block[148:156], "        ")
	block[156] = typeflag
	copy(block[257:], "ustar\x0000")
	sum := 0
	for _, b := range block {
		sum += int(b)
	}
	copy(block[148:156], fmt.Sprintf("%06o\x00 ", sum))
	return block
}

// octal fills a field up to its final NUL. Sizes beyond 8 GiB of data do not
// occur: the disk of a guest is smaller.
func octal(field []byte, value int64) {
	copy(field, fmt.Sprintf("%0*o", len(field)-1, value))
}

func pad(to io.Writer, written int64) error {
	_, err := to.Write(make([]byte, padding(written)))
	return err
}

func padding(written int64) int64 { return -written & (blockBytes - 1) }
