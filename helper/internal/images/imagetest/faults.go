// Ways in which a registry answers badly.

package imagetest

import (
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// Fault stands in front of a registry.
type Fault = func(next http.Handler, w http.ResponseWriter, request *http.Request)

// IsBlob and IsManifest tell requests apart.
func IsBlob(request *http.Request) bool { return strings.Contains(request.URL.Path, "/blobs/") }

// IsManifest is true for images and indexes.
func IsManifest(request *http.Request) bool { return strings.Contains(request.URL.Path, "/manifests/") }

// IsAny is true.
func IsAny(*http.Request) bool { return true }

// Status answers the chosen requests with a status, the first times of them; 0 means always.
func Status(chosen func(*http.Request) bool, status int, times int32, headers ...string) Fault {
	var count atomic.Int32
	return func(next http.Handler, w http.ResponseWriter, request *http.Request) {
		if !chosen(request) || (times > 0 && count.Add(1) > times) {
			next.ServeHTTP(w, request)
			return
		}
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
	}
}

// Cut ends the connection of the chosen requests after some bytes of the answer,
// the first times of them; 0 means always.
func Cut(chosen func(*http.Request) bool, after int, times int32) Fault {
	var count atomic.Int32
	return func(next http.Handler, w http.ResponseWriter, request *http.Request) {
		if !chosen(request) || (times > 0 && count.Add(1) > times) {
			next.ServeHTTP(w, request)
			return
		}
		next.ServeHTTP(&cutWriter{ResponseWriter: w, left: after}, request)
		panic(http.ErrAbortHandler)
	}
}

// cutWriter sends what it may and ends the connection.
type cutWriter struct {
	http.ResponseWriter
	left int
}

func (c *cutWriter) Write(piece []byte) (int, error) {
	if len(piece) > c.left {
		_, _ = c.ResponseWriter.Write(piece[:c.left])
		_ = http.NewResponseController(c.ResponseWriter).Flush()
		panic(http.ErrAbortHandler)
	}
	c.left -= len(piece)
	return c.ResponseWriter.Write(piece)
}

// Silent sends nothing in answer to the chosen requests, the first times of
// them, for as long as the caller waits.
func Silent(chosen func(*http.Request) bool, times int32) Fault {
	var count atomic.Int32
	return func(next http.Handler, w http.ResponseWriter, request *http.Request) {
		if !chosen(request) || (times > 0 && count.Add(1) > times) {
			next.ServeHTTP(w, request)
			return
		}
		<-request.Context().Done()
	}
}

// Replace answers the chosen requests with other content.
func Replace(chosen func(*http.Request) bool, mediaType string, content []byte) Fault {
	return func(next http.Handler, w http.ResponseWriter, request *http.Request) {
		if !chosen(request) {
			next.ServeHTTP(w, request)
			return
		}
		w.Header().Set("Content-Type", mediaType)
		w.Header().Set("Content-Length", strconv.Itoa(len(content)))
		_, _ = w.Write(content)
	}
}

// Redirect sends the chosen requests elsewhere.
func Redirect(chosen func(*http.Request) bool, target string) Fault {
	return func(next http.Handler, w http.ResponseWriter, request *http.Request) {
		if !chosen(request) {
			next.ServeHTTP(w, request)
			return
		}
		http.Redirect(w, request, target, http.StatusTemporaryRedirect)
	}
}

// WithoutRanges is a registry that does not know them.
func WithoutRanges(next http.Handler, w http.ResponseWriter, request *http.Request) {
	request.Header.Del("Range")
	next.ServeHTTP(w, request)
}

// Slow sends the answers of the chosen requests in small pieces.
func Slow(chosen func(*http.Request) bool, pieceBytes int, pause time.Duration) Fault {
	return func(next http.Handler, w http.ResponseWriter, request *http.Request) {
		if !chosen(request) {
			next.ServeHTTP(w, request)
			return
		}
		next.ServeHTTP(&slowWriter{ResponseWriter: w, pieceBytes: pieceBytes, pause: pause}, request)
	}
}

type slowWriter struct {
	http.ResponseWriter
	pieceBytes int
	pause      time.Duration
}

func (s *slowWriter) Write(piece []byte) (int, error) {
	written := 0
	for written < len(piece) {
		count, err := s.ResponseWriter.Write(piece[written:min(len(piece), written+s.pieceBytes)])
		written += count
		if err != nil {
			return written, err
		}
		_ = http.NewResponseController(s.ResponseWriter).Flush()
		time.Sleep(s.pause)
	}
	return written, nil
}
