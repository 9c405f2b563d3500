// Failures of the file system, as the protocol has them.

package files

import (
	"context"
	"errors"
	"fmt"

	"connectrpc.com/connect"
	"golang.org/x/sys/unix"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

// errOutside is met when a path leads out of its root.
var errOutside = errors.New("leads out of the directory")

// refuse makes an error about path, which is "" when it is about none.
func refuse(code connect.Code, path, format string, arguments ...any) error {
	return failure(code, &agentv1.FilesFailure{Path: []byte(path)}, fmt.Errorf(format, arguments...))
}

func failure(code connect.Code, about *agentv1.FilesFailure, err error) error {
	refusal := connect.NewError(code, err)
	if detail, err := connect.NewErrorDetail(about); err == nil {
		refusal.AddDetail(detail)
	}
	return refusal
}

// explain turns what a system call on path failed with into an error of the
// protocol. What is one already, or is about the call itself, stays as it is.
func explain(path string, err error) error {
	var refusal *connect.Error
	if err == nil || errors.As(err, &refusal) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	about := &agentv1.FilesFailure{Path: []byte(path)}
	code, text := classify(err)
	if code == connect.CodeResourceExhausted {
		about.DiskFull = true
	}
	return failure(code, about, fmt.Errorf("%s: %s", printable(path), text))
}

func classify(err error) (connect.Code, string) {
	var errno unix.Errno
	switch {
	case errors.Is(err, errOutside):
		return connect.CodePermissionDenied, "leads out of the directory"
	case errors.Is(err, unix.ENOENT), errors.Is(err, unix.ENOTDIR):
		return connect.CodeNotFound, "does not exist"
	case errors.Is(err, unix.ENOSPC), errors.Is(err, unix.EDQUOT):
		return connect.CodeResourceExhausted, "the disk is full"
	case errors.Is(err, unix.EXDEV):
		return connect.CodeFailedPrecondition, "is on another file system than the directory"
	case errors.Is(err, unix.ENAMETOOLONG):
		return connect.CodeInvalidArgument, "the name is too long"
	case errors.As(err, &errno):
		// What is left is about the state of the files: permissions, loops of
		// links, directories in the way, a disk that fails.
		return connect.CodeFailedPrecondition, err.Error()
	}
	return connect.CodeInternal, err.Error()
}

// printable is a path for a message: valid UTF-8, which protobuf demands, and short.
func printable(path string) string {
	if path == "" {
		return "the root"
	}
	return fmt.Sprintf("%.200q", path)
}
