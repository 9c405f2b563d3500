// Lines as they come, and floods of them counted.

package record

import (
	"encoding/json"
	"fmt"
	"sync"
	"time"
)

const (
	// window is how long equal lines are counted before the count is written.
	window = 5 * time.Second
	// maxKinds is how many different single lines are written in a window; what
	// comes on top is counted by protocol, verdict and reason alone. A scan of
	// all ports would otherwise push everything else out of the record.
	maxKinds = 200
)

// Recorder is used by many goroutines.
type Recorder struct {
	started time.Time
	ended   chan struct{}

	mu sync.Mutex
	// file is nil when nothing is to be kept.
	file *file
	// counts holds the lines of this window, each without its time, and how
	// many more of it came.
	counts map[Line]uint64
	next   uint64
	// lost lines could not be written, such as on a full disk.
	lost uint64
}

// Open makes a recorder that goes on at the end of the file at path, or one that
// keeps nothing when path is empty.
func Open(path string) (*Recorder, error) {
	r := &Recorder{started: time.Now(), ended: make(chan struct{}), counts: map[Line]uint64{}}
	if path != "" {
		file, err := openFile(path)
		if err != nil {
			return nil, err
		}
		r.file = file
	}
	go r.tick()
	return r, nil
}

// Note records something that is over: a refusal, a failure, an answer. Equal
// ones are counted together.
func (r *Recorder) Note(line Line) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, known := r.counts[line]; known {
		r.counts[line]++
		return
	}
	if len(r.counts) >= maxKinds {
		r.counts[Line{Protocol: line.Protocol, Verdict: line.Verdict, Reason: line.Reason}]++
		return
	}
	r.counts[line] = 0
	r.write(line)
}

// Connection is an allowed one between its two lines.
type Connection struct {
	recorder *Recorder
	line     Line
	started  time.Time
}

// Start records that a connection is open.
func (r *Recorder) Start(line Line) *Connection {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.next++
	line.ID = fmt.Sprintf("%x-%d", r.started.UnixMilli(), r.next)
	line.Verdict = Allowed
	opened := line
	opened.Open = true
	r.write(opened)
	return &Connection{recorder: r, line: line, started: time.Now()}
}

// End records the end of the connection; reason is empty for an ordinary one.
func (c *Connection) End(bytesSent, bytesReceived uint64, reason string) {
	c.line.BytesSent, c.line.BytesReceived, c.line.Reason = bytesSent, bytesReceived, reason
	c.line.DurationMs = time.Since(c.started).Milliseconds()
	c.recorder.mu.Lock()
	defer c.recorder.mu.Unlock()
	c.recorder.write(c.line)
}

// Close writes what has been counted.
func (r *Recorder) Close() error {
	close(r.ended)
	r.flush()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.file == nil {
		return nil
	}
	return r.file.close()
}

func (r *Recorder) tick() {
	ticker := time.NewTicker(window)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			r.flush()
		case <-r.ended:
			return
		}
	}
}

// flush ends a window.
func (r *Recorder) flush() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for line, count := range r.counts {
		if count > 0 {
			line.Count = count
			r.write(line)
		}
	}
	clear(r.counts)
}

func (r *Recorder) write(line Line) {
	if r.file == nil {
		return
	}
	if r.lost > 0 {
		lost := Line{Protocol: "record", Verdict: Failed, Reason: "lines could not be written", Count: r.lost}
		if r.append(lost) != nil {
			r.lost++
			return
		}
		r.lost = 0
	}
	if r.append(line) != nil {
		r.lost++
	}
}

func (r *Recorder) append(line Line) error {
	line.At = stamp(time.Now())
	text, err := json.Marshal(line)
	if err != nil {
		return err
	}
	return r.file.write(append(text, '\n'))
}
