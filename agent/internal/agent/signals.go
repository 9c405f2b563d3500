// Signals to the agent itself.

package agent

import (
	"os"
	"os/signal"
	"syscall"
)

// endSignals is closed when a signal tells the agent to end. In a guest only
// TERM does: a HUP to PID 1 asks an init to read its configuration again.
//
// The others are caught all the same. A command would inherit one that the
// agent's starter ignored, but not a caught one, and Go's own answer to QUIT is
// to exit.
func endSignals(guest bool) <-chan struct{} {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT)
	ended := make(chan struct{})
	go func() {
		for received := range signals {
			if received == syscall.SIGTERM || !guest {
				close(ended)
				return
			}
		}
	}()
	return ended
}
