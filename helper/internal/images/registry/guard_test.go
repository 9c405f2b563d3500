// Which addresses a registry may send to.

package registry

import (
	"net"
	"net/netip"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"

	"pyro-mcp/helper/internal/policy"
)

func TestARegistrySendsToTheInternetAndToItsOwnKindOfNetwork(t *testing.T) {
	for _, test := range []struct {
		home, target string
		want         bool
	}{
		{"192.0.2.1", "198.51.100.7", true},
		{"192.0.2.1", "10.0.0.1", false},
		{"192.0.2.1", "127.0.0.1", false},
		{"192.0.2.1", "169.254.169.254", false},
		{"192.0.2.1", "::1", false},
		{"192.0.2.1", "::ffff:127.0.0.1", false},
		{"192.0.2.1", "fd00::1", false},
		{"192.0.2.1", "fe80::1", false},
		{"192.0.2.1", "0.0.0.0", false},
		{"10.0.0.1", "192.168.1.1", true},
		{"10.0.0.1", "192.0.2.1", true},
		{"10.0.0.1", "127.0.0.1", false},
		{"10.0.0.1", "169.254.169.254", false},
		{"127.0.0.1", "127.0.0.2", true},
		{"127.0.0.1", "::1", true},
		{"127.0.0.1", "169.254.169.254", false},
	} {
		registry, err := name.NewRegistry("registry.example")
		if err != nil {
			t.Fatal(err)
		}
		guard := newGuard(registry)
		guard.policy = policy.Policy{Own: func(netip.Addr) bool { return false }}
		guard.learnHome(&net.TCPAddr{IP: net.ParseIP(test.home), Port: 443})
		// A name that leads elsewhere later changes nothing.
		guard.learnHome(&net.TCPAddr{IP: net.ParseIP(test.target), Port: 443})
		if err := guard.judge("cdn.example", netip.MustParseAddr(test.target)); (err == nil) != test.want {
			t.Errorf("%s to %s: %v", test.home, test.target, err)
		}
	}
}
