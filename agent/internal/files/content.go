// The content of one file, on its way to the host.

package files

import (
	"bytes"
	"crypto/sha256"
	"hash"

	"golang.org/x/sys/unix"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

// zeros are compared with, and digested in place of holes.
var zeros [pieceBytes]byte

// content sends the content of the file at below in folder, of which entry was
// sent. It fails only when the call does: what is wrong with the file is told in
// the end that it returns.
func (f *fetch) content(folder descriptor, below string, entry *agentv1.Entry) (*agentv1.FileEnd, error) {
	file, err := openBelow(folder, below, 0)
	if err != nil {
		return problem("it cannot be opened: " + err.Error()), nil
	}
	defer file.close()
	before, err := file.stat()
	if err != nil {
		return problem(err.Error()), nil
	}
	if !isRegular(&before) || uint64(before.Size) != entry.GetSize() {
		return problem("it has changed"), nil
	}
	omitted := f.request.GetMaxFileBytes() > 0 && entry.GetSize() > f.request.GetMaxFileBytes()
	reading := &reading{fetch: f, file: file, size: before.Size, omitted: omitted}
	if f.request.GetDigest() || omitted {
		reading.digest = sha256.New()
	}
	if trouble, err := reading.run(); err != nil || trouble != "" {
		return problem(trouble), err
	}
	after, err := file.stat()
	if err != nil {
		return problem(err.Error()), nil
	}
	if after.Size != before.Size || after.Mtim != before.Mtim || after.Ctim != before.Ctim {
		return problem("it was changed while it was read"), nil
	}
	return reading.end(), nil
}

func problem(text string) *agentv1.FileEnd { return &agentv1.FileEnd{Problem: text} }

// reading is the way through one open file.
type reading struct {
	fetch *fetch
	file  descriptor
	size  int64
	// omitted leaves the content out and makes only the digest.
	omitted bool
	digest  hash.Hash
	offset  int64
}

func (r *reading) end() *agentv1.FileEnd {
	if r.digest == nil {
		return &agentv1.FileEnd{}
	}
	return &agentv1.FileEnd{Sha256: r.digest.Sum(nil)}
}

// run reads the file to its end. What is wrong with the file it returns as text.
func (r *reading) run() (trouble string, err error) {
	for r.offset < r.size {
		start, end := r.offset, r.size
		// Where the holes of a small file are does not matter.
		if r.size > pieceBytes {
			start, end = r.extent()
		}
		if err := r.skip(start); err != nil {
			return "", err
		}
		for r.offset < end {
			if trouble, err := r.piece(end); err != nil || trouble != "" {
				return trouble, err
			}
		}
	}
	return "", nil
}

// extent finds the next part of the file that holds data, lseek(2). Where holes
// are not known, that is all of it.
func (r *reading) extent() (start, end int64) {
	start, err := unix.Seek(int(r.file), r.offset, unix.SEEK_DATA)
	if err == unix.ENXIO {
		return r.size, r.size
	}
	if err != nil || start < r.offset {
		return r.offset, r.size
	}
	end, err = unix.Seek(int(r.file), start, unix.SEEK_HOLE)
	if err != nil || end <= start {
		end = r.size
	}
	return min(start, r.size), min(end, r.size)
}

// skip goes to start, over a hole.
func (r *reading) skip(start int64) error {
	if r.digest == nil {
		r.offset = start
		return nil
	}
	for r.offset < start {
		n := min(start-r.offset, pieceBytes)
		r.digest.Write(zeros[:n])
		r.offset += n
		if err := r.pause(); err != nil {
			return err
		}
	}
	return nil
}

// piece reads and sends the next piece before end.
func (r *reading) piece(end int64) (trouble string, err error) {
	buffer, err := r.fetch.send.space(end - r.offset)
	if err != nil {
		return "", err
	}
	n, err := r.file.readAt(buffer, r.offset)
	if err != nil {
		return "it cannot be read: " + err.Error(), nil
	}
	if n < len(buffer) {
		return "it has become shorter while it was read", nil
	}
	if r.digest != nil {
		r.digest.Write(buffer)
	}
	offset := r.offset
	r.offset += int64(n)
	if r.omitted || bytes.Equal(buffer, zeros[:n]) {
		return "", r.pause()
	}
	return "", r.fetch.send.data(offset, buffer)
}

// pause is made after each piece that is not sent.
func (r *reading) pause() error {
	if err := r.fetch.ctx.Err(); err != nil {
		return err
	}
	return r.fetch.send.alive(r.offset)
}
