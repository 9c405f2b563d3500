// Names of addresses, as far as the guest asked for them.

package dns

import (
	"net/netip"
	"sync"
)

// maxNames bounds what a guest that asks for names makes this process hold.
const maxNames = 4096

// names forgets the oldest first.
type names struct {
	mu    sync.Mutex
	known map[netip.Addr]string
	// order is a ring of the addresses in known; next is the oldest once it is full.
	order []netip.Addr
	next  int
}

func (n *names) remember(address netip.Addr, name string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.known == nil {
		n.known = map[netip.Addr]string{}
	}
	_, known := n.known[address]
	n.known[address] = name
	if known {
		return
	}
	if len(n.order) < maxNames {
		n.order = append(n.order, address)
		return
	}
	delete(n.known, n.order[n.next])
	n.order[n.next] = address
	n.next = (n.next + 1) % maxNames
}

func (n *names) of(address netip.Addr) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.known[address.Unmap()]
}
