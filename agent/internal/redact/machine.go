// The search for many patterns at once.

package redact

// machine is the automaton of Aho and Corasick (1975): one step for each symbol,
// however many patterns there are and however they overlap.
type machine struct {
	nodes []node
	// first tells which symbols leave the root; all others are passed by.
	first [256]bool
}

// node stands for the beginning of a pattern. Children are a list: below the
// first levels there is hardly ever more than one.
type node struct {
	child, sibling int32
	// fail is the longest proper suffix that begins a pattern as well.
	fail int32
	// match is the longest pattern that ends here; none is noMatch.
	match  int32
	depth  int32
	symbol byte
}

const (
	root    = 0
	noMatch = -1
)

func newMachine(patterns []Pattern) *machine {
	m := &machine{nodes: []node{{match: noMatch}}}
	for index, pattern := range patterns {
		m.insert(pattern.Symbols, int32(index))
	}
	m.link()
	return m
}

func (m *machine) insert(symbols []byte, index int32) {
	at := int32(root)
	for _, symbol := range symbols {
		next := m.childOf(at, symbol)
		if next == root {
			next = int32(len(m.nodes))
			m.nodes = append(m.nodes, node{
				sibling: m.nodes[at].child,
				match:   noMatch,
				depth:   m.nodes[at].depth + 1,
				symbol:  symbol,
			})
			m.nodes[at].child = next
		}
		at = next
	}
	if m.nodes[at].match == noMatch {
		m.nodes[at].match = index
	}
	m.first[symbols[0]] = true
}

// link sets fail and match, parents first.
func (m *machine) link() {
	queue := []int32{root}
	for len(queue) > 0 {
		parent := queue[0]
		queue = queue[1:]
		for child := m.nodes[parent].child; child != root; child = m.nodes[child].sibling {
			fail := int32(root)
			if parent != root {
				fail = m.step(m.nodes[parent].fail, m.nodes[child].symbol)
			}
			m.nodes[child].fail = fail
			if m.nodes[child].match == noMatch {
				m.nodes[child].match = m.nodes[fail].match
			}
			queue = append(queue, child)
		}
	}
}

// step returns the node of the longest suffix that begins a pattern, after one
// more symbol.
func (m *machine) step(state int32, symbol byte) int32 {
	for {
		if next := m.childOf(state, symbol); next != root {
			return next
		}
		if state == root {
			return root
		}
		state = m.nodes[state].fail
	}
}

// rest returns the longest suffix of state that more symbols can lead on from: a
// pattern that is whole need not be waited for.
func (m *machine) rest(state int32) int32 {
	for state != root && m.nodes[state].child == root {
		state = m.nodes[state].fail
	}
	return state
}

// childOf returns root when there is none.
func (m *machine) childOf(parent int32, symbol byte) int32 {
	child := m.nodes[parent].child
	for child != root && m.nodes[child].symbol != symbol {
		child = m.nodes[child].sibling
	}
	return child
}
