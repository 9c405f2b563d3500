// How many connections there may be.

package gateway

import "sync/atomic"

type slots struct{ free atomic.Int64 }

func newSlots(count int64) *slots {
	s := &slots{}
	s.free.Store(count)
	return s
}

// take reports false when none is free.
func (s *slots) take() bool {
	if s.free.Add(-1) >= 0 {
		return true
	}
	s.free.Add(1)
	return false
}

func (s *slots) give() { s.free.Add(1) }

// used is an estimate: others take and give meanwhile.
func (s *slots) used(of int64) int64 { return of - s.free.Load() }
