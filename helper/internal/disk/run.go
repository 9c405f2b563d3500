// Package disk makes an ext4 image of a tar that a guest has sent. The tar is
// hostile: it is checked entry by entry, and nothing in it becomes a path of the
// host.
package disk

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// outputFD is the image, opened by whoever starts the program: no path of the
// host is known here.
const outputFD = 3

// report is the one line on stdout.
type report struct {
	// SizeBytes of the image, holes included.
	SizeBytes int64 `json:"size_bytes,omitempty"`
	// Code is a word for what went wrong: too_large, out_of_disk or failed.
	Code  string `json:"code,omitempty"`
	Error string `json:"error,omitempty"`
}

// Run reads the tar from stdin and returns the exit status.
func Run() int {
	output := os.NewFile(outputFD, "output")
	if output == nil {
		return tell(report{Code: "failed", Error: "descriptor 3 is not open"})
	}
	size, err := makeImage(os.Stdin, output)
	if err != nil {
		return tell(report{Code: codeOf(err), Error: err.Error()})
	}
	return tell(report{SizeBytes: size})
}

func tell(r report) int {
	if err := json.NewEncoder(os.Stdout).Encode(r); err != nil || r.Error != "" {
		return 1
	}
	return 0
}

// makeImage returns the size of the image, which is on the disk then.
func makeImage(input io.Reader, output *os.File) (size int64, err error) {
	// The library is made for images of people's own: what a hostile tar could
	// make it stumble over must not look like a crash of ours.
	defer func() {
		if broken := recover(); broken != nil {
			err = fmt.Errorf("the archive cannot be made an image of: %v", broken)
		}
	}()
	image := &sparseFile{file: output}
	if err := convert(input, image); err != nil {
		return 0, err
	}
	if err := fillInodeBitmaps(image); err != nil {
		return 0, err
	}
	if err := image.finish(); err != nil {
		return 0, err
	}
	return image.size, output.Sync()
}
