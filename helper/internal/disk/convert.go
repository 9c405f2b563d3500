// From tar to ext4, through the check.

package disk

import (
	"errors"
	"io"
	"syscall"

	"github.com/Microsoft/hcsshim/ext4/tar2ext4"
)

// maxImageBytes bounds the image. The disk of a guest has 8 GiB; an environment
// and files with holes come on top.
const maxImageBytes = 64 << 30

var errTooLarge = errors.New("the file system is larger than an image may be (64 GiB, holes of files included)")

// convert writes an image of the tar's content.
func convert(input io.Reader, output io.ReadWriteSeeker) error {
	read, write := io.Pipe()
	checked := make(chan error, 1)
	go func() {
		err := check(input, write)
		_ = write.CloseWithError(err)
		checked <- err
	}()
	err := tar2ext4.ConvertTarToExt4(read, output, tar2ext4.MaximumDiskSize(maxImageBytes))
	_ = read.CloseWithError(err)
	// What is wrong with the archive says more than what came of it.
	if wrong := <-checked; wrong != nil && !errors.Is(wrong, io.ErrClosedPipe) && (err == nil || !errors.Is(wrong, err)) {
		return wrong
	}
	return err
}

func codeOf(err error) string {
	switch {
	case errors.Is(err, errTooLarge):
		return "too_large"
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return "out_of_disk"
	}
	return "failed"
}
