// How many connections there may be.

package gateway

import "sync/atomic"

type slots struct {
	taken atomic.Int64
	limit int64
}

func newSlots(limit int64) *slots { return &slots{limit: limit} }

// take reports false when none is free.
func (s *slots) take() bool {
	if s.taken.Add(1) <= s.limit {
		return true
	}
	s.taken.Add(-1)
	return false
}

func (s *slots) give() { s.taken.Add(-1) }

func (s *slots) used() int64 { return s.taken.Load() }
