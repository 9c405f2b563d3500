// Waiting as a registry asks for: Retry-After, which the library does not read.

package registry

import (
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Patience bounds the time that is spent on waiting.
type Patience struct {
	// Silence is how long a connection may bring nothing.
	Silence time.Duration
	// FirstPause is the pause after a first failure; each further one is longer.
	FirstPause time.Duration
	// Total is how long all the waits that registries ask for may take together.
	Total time.Duration
}

func (p Patience) orUsual() Patience {
	if p == (Patience{}) {
		return Patience{Silence: 30 * time.Second, FirstPause: 300 * time.Millisecond, Total: time.Minute}
	}
	return p
}

const (
	maxWaits = 5
	// maxDrainedBytes of an answer are read so that its connection can be used again.
	maxDrainedBytes = 64 << 10
)

// waiting repeats requests that a registry wants to see later.
type waiting struct {
	inner    http.RoundTripper
	patience Patience
	// tell hears of each wait before it begins.
	tell func(wait time.Duration)

	mu    sync.Mutex
	spent time.Duration
	// until is when the registry wants to see the next request. Waits of requests
	// at once are one wait.
	until time.Time
	// asked is the wait that was asked for last.
	asked time.Duration
}

func (w *waiting) RoundTrip(request *http.Request) (*http.Response, error) {
	pause := w.patience.FirstPause
	for waits := 0; ; waits++ {
		response, err := w.inner.RoundTrip(request)
		if err != nil {
			return response, err
		}
		wanted, isBusy := w.wanted(response, pause)
		again, isRepeatable := repeat(request)
		if !isBusy || !isRepeatable || waits == maxWaits || !w.spend(time.Now(), wanted) {
			return response, nil
		}
		// Fails when the connection breaks, which the next request will notice.
		_, _ = io.CopyN(io.Discard, response.Body, maxDrainedBytes)
		_ = response.Body.Close()
		select {
		case <-request.Context().Done():
			return nil, request.Context().Err()
		case <-time.After(wanted):
		}
		pause *= 2
		if request, err = again(); err != nil {
			return nil, err
		}
	}
}

// repeat tells whether the request can be sent once more, and how.
func repeat(request *http.Request) (again func() (*http.Request, error), isRepeatable bool) {
	if request.Body == nil {
		return func() (*http.Request, error) { return request, nil }, true
	}
	return func() (*http.Request, error) {
		body, err := request.GetBody()
		if err != nil {
			return nil, err
		}
		repeated := request.Clone(request.Context())
		repeated.Body = body
		return repeated, nil
	}, request.GetBody != nil
}

// wanted says how long to wait before the request is worth repeating.
func (w *waiting) wanted(response *http.Response, pause time.Duration) (time.Duration, bool) {
	status := response.StatusCode
	if status != http.StatusTooManyRequests && status != http.StatusServiceUnavailable {
		return 0, false
	}
	asked, found := parseRetryAfter(response.Header.Get("Retry-After"), time.Now())
	if found {
		w.mu.Lock()
		w.asked = asked
		w.mu.Unlock()
		return asked, true
	}
	// Without a time, 503 is left to the library's retries.
	return pause, status == http.StatusTooManyRequests
}

// spend tells whether there is patience for a wait from now on.
func (w *waiting) spend(now time.Time, wait time.Duration) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	begin := now
	if w.until.After(now) {
		begin = w.until
	}
	longer := now.Add(wait).Sub(begin)
	if longer <= 0 {
		return true
	}
	if w.spent+longer > w.patience.Total {
		return false
	}
	w.spent += longer
	w.until = now.Add(wait)
	w.tell(wait)
	return true
}

// lastAsked is in whole seconds, 0 when no registry named a time.
func (w *waiting) lastAsked() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return int((w.asked + time.Second - 1) / time.Second)
}

// parseRetryAfter reads seconds or a date, RFC 9110 section 10.2.3.
func parseRetryAfter(value string, now time.Time) (time.Duration, bool) {
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	if date, err := http.ParseTime(value); err == nil {
		return max(0, date.Sub(now)), true
	}
	return 0, false
}
