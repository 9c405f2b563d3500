// Whole messages on the wire.

package transport

import "net/http"

// messageWriter gathers what is written between two flushes and writes it in one
// go. Connect writes the prefix of a message and the message apart, which HTTP/2
// would turn into two frames and twice the switches between goroutines, each
// dear in a guest.
type messageWriter struct {
	http.ResponseWriter
	pending []byte
}

func (w *messageWriter) Write(p []byte) (int, error) {
	w.pending = append(w.pending, p...)
	return len(p), nil
}

// Flush implements http.Flusher, of which Connect makes use after each message.
func (w *messageWriter) Flush() {
	w.writePending()
	w.ResponseWriter.(http.Flusher).Flush()
}

// Unwrap lets http.ResponseController reach the writer below.
func (w *messageWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *messageWriter) writePending() {
	if len(w.pending) == 0 {
		return
	}
	// An error shows again at the next write, and by the end of the context.
	_, _ = w.ResponseWriter.Write(w.pending)
	w.pending = w.pending[:0]
}

// gatherMessages makes handler write whole messages.
func gatherMessages(handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		gathering := &messageWriter{ResponseWriter: w}
		handler.ServeHTTP(gathering, r)
		gathering.writePending()
	})
}
