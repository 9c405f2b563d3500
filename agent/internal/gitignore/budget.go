// How much work patterns may cause.

package gitignore

// Budget bounds the work of many matches together. A step is about a nanosecond.
type Budget struct{ left int }

// NewBudget allows so many steps.
func NewBudget(steps int) *Budget { return &Budget{left: steps} }

// spend tells whether there was enough.
func (b *Budget) spend(steps int) bool {
	b.left -= steps
	if b.left < 0 {
		// Not further, lest it come around.
		b.left = -1
	}
	return b.left >= 0
}
