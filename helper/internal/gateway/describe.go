// Errors of sockets as fixed texts: the record has no room for addresses twice.

package gateway

import (
	"context"
	"errors"
	"os"
	"syscall"
)

func describe(err error) string {
	var errno syscall.Errno
	switch {
	case errors.Is(err, errGuest):
		return errGuest.Error()
	case errors.Is(err, context.Canceled), errors.Is(err, os.ErrClosed):
		return "the guest's network ended"
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return "timed out"
	case errors.As(err, &errno):
		return errno.Error()
	}
	return "failed"
}
