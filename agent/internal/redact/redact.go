// Package redact takes secrets out of what passes by: as they are, and as URLs
// and base64 spell them, wherever a chunk ends.
//
// The patterns are made by the host (src/workspace/secrets/patterns.ts), which
// applies the same ones to texts of its own.
package redact

import "slices"

// View is a way to read a text before it is compared with a pattern.
type View int

const (
	// Plain is byte for byte.
	Plain View = iota
	// URL decodes percent-encoding, and takes "+" for a space.
	URL
	// Base64 takes the URL-safe alphabet for the standard one, and passes by the
	// line ends that encoders break long lines with.
	Base64

	viewCount
)

// Pattern is what must not be seen.
type Pattern struct {
	// Secret is the name that is shown in its place.
	Secret string
	View   View
	// Symbols of the view; empty ones are left out.
	Symbols []byte
}

// Set is what all streams of a guest are searched for. Nil redacts nothing and
// costs nothing.
type Set struct {
	views [viewCount]*searched
}

// searched are the patterns of one view.
type searched struct {
	machine  *machine
	patterns []Pattern
}

// Compile returns nil when there is nothing to look for.
func Compile(patterns []Pattern) *Set {
	set := &Set{}
	for view := range viewCount {
		of := slices.DeleteFunc(slices.Clone(patterns), func(p Pattern) bool {
			return p.View != view || len(p.Symbols) == 0
		})
		if len(of) > 0 {
			set.views[view] = &searched{machine: newMachine(of), patterns: of}
		}
	}
	if *set == (Set{}) {
		return nil
	}
	return set
}

// Stream begins the redaction of one stream of bytes.
func (s *Set) Stream() *Stream {
	stream := &Stream{}
	if s == nil {
		return stream
	}
	for view, of := range s.views {
		if of != nil {
			stream.scanners = append(stream.scanners, scanner{searched: of, view: View(view)})
		}
	}
	return stream
}

// Bytes redacts a text that is whole. The result may share memory with it.
func (s *Set) Bytes(text []byte) []byte {
	stream := s.Stream()
	begin := slices.Clip(stream.Write(text))
	return append(begin, stream.End()...)
}
