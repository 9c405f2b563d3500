// Finding the host.

package transport

import (
	"context"
	"fmt"
	"net"
	"time"
)

// Pauses between attempts grow from the first to the last.
const (
	firstPause = 50 * time.Millisecond
	lastPause  = 500 * time.Millisecond
)

// dial tries until the host answers, ctx is done or patience (when not 0) is
// spent. It has to poll: the socket appears in a directory of the host, and
// inotify in a guest is blind to what the host changes in a bind mount.
func dial(ctx context.Context, socket string, patience time.Duration) (net.Conn, error) {
	start := time.Now()
	var dialer net.Dialer
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		conn, err := dialer.DialContext(ctx, "unix", socket)
		if err == nil {
			return conn, nil
		}
		if patience > 0 && time.Since(start) >= patience {
			return nil, fmt.Errorf("no host for %v: %w", patience, err)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pause):
		}
	}
}
