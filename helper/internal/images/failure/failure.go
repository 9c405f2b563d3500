// Package failure holds the ways in which work on images fails, told apart by
// what a caller does about them.
package failure

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// Code is one of the constants below.
type Code string

const (
	// InvalidInput: the request itself is wrong.
	InvalidInput Code = "invalid_input"
	// ImageNotFound: the registry has no such repository or tag.
	ImageNotFound Code = "image_not_found"
	// RegistryDenied: credentials are missing or do not suffice.
	RegistryDenied Code = "registry_denied"
	// RegistryUnreachable: no answer, or a connection that breaks again and again.
	RegistryUnreachable Code = "registry_unreachable"
	// RegistryBusy: the registry wants fewer requests.
	RegistryBusy Code = "registry_busy"
	// RegistryFailed: the registry answers with an error of its own.
	RegistryFailed Code = "registry_failed"
	// ImageInvalid: what came is not what its digest or its format promises.
	ImageInvalid Code = "image_invalid"
	// PlatformMissing: the image exists, for other platforms only.
	PlatformMissing Code = "platform_missing"
	// ImageHostile: the image or its registry reaches for what is not theirs.
	ImageHostile Code = "image_hostile"
	// OutOfDisk: no space, or a quota.
	OutOfDisk Code = "out_of_disk"
	// StorageUnavailable: the host's file system refuses for another reason.
	StorageUnavailable Code = "storage_unavailable"
	// Cancelled: the caller does not want the result any more.
	Cancelled Code = "cancelled"
	// Internal: nothing that anybody expected.
	Internal Code = "internal"
)

// Error is what a caller gets to see.
type Error struct {
	Code    Code
	Message string
	// Hint is the next step, when there is a better one than the code's own.
	Hint    string
	Details map[string]any
	Cause   error
}

func (e *Error) Error() string {
	if e.Cause != nil {
		return e.Message + ": " + e.Cause.Error()
	}
	return e.Message
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// New makes an error without a cause.
func New(code Code, format string, arguments ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, arguments...)}
}

// Storage wraps an error of the host's file system.
func Storage(cause error, format string, arguments ...any) *Error {
	code := StorageUnavailable
	if errors.Is(cause, unix.ENOSPC) || errors.Is(cause, unix.EDQUOT) {
		code = OutOfDisk
	}
	return &Error{Code: code, Message: fmt.Sprintf(format, arguments...), Cause: cause}
}

// Of returns the Error in err, or makes one for an error that nobody translated.
func Of(err error) *Error {
	var known *Error
	switch {
	case errors.As(err, &known):
		return known
	case errors.Is(err, context.Canceled):
		return &Error{Code: Cancelled, Message: "cancelled"}
	default:
		return &Error{Code: Internal, Message: "unexpected failure", Cause: err}
	}
}
