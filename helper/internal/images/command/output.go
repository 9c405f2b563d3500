// The lines on stdout. All text passes the keeper of secrets.

package command

import (
	"encoding/json"
	"io"
	"sync"
	"time"
	"unicode"

	"pyro-mcp/helper/internal/images/failure"
	"pyro-mcp/helper/internal/images/pull"
	"pyro-mcp/helper/internal/images/secret"
)

const (
	// progressInterval keeps the lines few; a change of phase is always told.
	progressInterval = 100 * time.Millisecond
	// maxCauseBytes of what a registry or the system says are told.
	maxCauseBytes = 600
)

type output struct {
	mu      sync.Mutex
	writer  io.Writer
	secrets *secret.Keeper
	// isOver after the last line.
	isOver   bool
	phase    pull.Phase
	reported time.Time
}

type progressEvent struct {
	Event      string     `json:"event"`
	Phase      pull.Phase `json:"phase"`
	DoneBytes  int64      `json:"done_bytes"`
	TotalBytes int64      `json:"total_bytes"`
}

type waitingEvent struct {
	Event  string `json:"event"`
	Reason string `json:"reason"`
	// Seconds is 0 when nobody knows.
	Seconds int `json:"seconds"`
}

type errorEvent struct {
	Event   string         `json:"event"`
	Code    failure.Code   `json:"code"`
	Message string         `json:"message"`
	Hint    string         `json:"hint,omitempty"`
	Details map[string]any `json:"details"`
}

func (o *output) progress(phase pull.Phase, done, total int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.isOver || phase == o.phase && time.Since(o.reported) < progressInterval && done != total {
		return
	}
	o.phase, o.reported = phase, time.Now()
	o.write(progressEvent{Event: "progress", Phase: phase, DoneBytes: done, TotalBytes: total})
}

// waiting tells what there is to wait for; a wait of 0 has no known end.
func (o *output) waiting(reason string, wait time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.isOver {
		o.write(waitingEvent{Event: "waiting", Reason: readable(o.secrets.Clean(reason)), Seconds: int((wait + time.Second - 1) / time.Second)})
	}
}

// succeed writes the last line.
func (o *output) succeed(result any) error {
	fields, err := json.Marshal(result)
	if err != nil {
		return err
	}
	// The event's name first, then the result's own fields.
	o.end(json.RawMessage(append([]byte(`{"event":"result",`), fields[1:]...)))
	return nil
}

// fail writes the last line, and tells whether there was none before.
func (o *output) fail(err error) bool {
	return o.end(errorEventOf(err, o.secrets))
}

func (o *output) end(line any) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.isOver {
		return false
	}
	o.write(line)
	o.isOver = true
	return true
}

func (o *output) write(line any) {
	// Fails when nobody reads any more: then the program ends by its stdin.
	_ = json.NewEncoder(o.writer).Encode(line)
}

func errorEventOf(err error, secrets *secret.Keeper) errorEvent {
	known := failure.Of(err)
	event := errorEvent{Event: "error", Code: known.Code, Message: secrets.Clean(known.Message), Hint: known.Hint, Details: map[string]any{}}
	for key, value := range known.Details {
		if text, isText := value.(string); isText {
			value = secrets.Clean(text)
		}
		event.Details[key] = value
	}
	if known.Cause != nil {
		event.Details["cause"] = readable(secrets.Clean(known.Cause.Error()))
	}
	return event
}

// readable takes what could steer a terminal out of a stranger's text.
func readable(text string) string {
	runes := make([]rune, 0, maxCauseBytes)
	for _, each := range text {
		if len(runes) == maxCauseBytes {
			break
		}
		if !unicode.IsPrint(each) {
			each = ' '
		}
		runes = append(runes, each)
	}
	return string(runes)
}
