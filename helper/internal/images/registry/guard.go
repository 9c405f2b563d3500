// Which addresses a registry may send this host to.

package registry

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"syscall"

	"github.com/google/go-containerregistry/pkg/name"

	"pyro-mcp/helper/internal/host"
	"pyro-mcp/helper/internal/policy"
)

// forbiddenAddress is the error of a redirect, or of a token server, that leads
// into networks that the registry is no part of.
type forbiddenAddress struct {
	host   string
	reason string
}

func (f *forbiddenAddress) Error() string {
	return "the registry sends to " + f.host + " (" + f.reason + ")"
}

// guard dials. The user chose the registry and the proxies, wherever they are;
// other hosts are the registry's choice, and must be on the internet or in the
// kind of network where the registry itself is. It looks at the address that is
// connected to, so that no name and no change of a name leads around it.
type guard struct {
	policy   policy.Policy
	registry string

	mu sync.Mutex
	// home is why the registry's own address is none of the internet; "" when it is.
	home    string
	proxies map[string]bool
}

func newGuard(registry name.Registry) *guard {
	hostname := (&url.URL{Host: registry.RegistryStr()}).Hostname()
	return &guard{policy: policy.Policy{Own: host.IsOwn}, registry: hostname, proxies: map[string]bool{}}
}

// proxy is the environment's; a request through one is judged here, because its
// address is only known to the proxy: as far as it names one.
func (g *guard) proxy(request *http.Request) (*url.URL, error) {
	chosen, err := http.ProxyFromEnvironment(request)
	if err != nil || chosen == nil {
		return nil, err
	}
	g.mu.Lock()
	g.proxies[chosen.Hostname()] = true
	g.mu.Unlock()
	hostname := request.URL.Hostname()
	if address, err := netip.ParseAddr(hostname); err == nil && hostname != g.registry {
		return chosen, g.judge(hostname, address)
	}
	return chosen, nil
}

func (g *guard) dial(ctx context.Context, network, target string) (net.Conn, error) {
	hostname, _, err := net.SplitHostPort(target)
	if err != nil {
		return nil, err
	}
	dialer := &net.Dialer{Timeout: dialTimeout}
	if hostname == g.registry {
		conn, err := dialer.DialContext(ctx, network, target)
		if err == nil {
			g.learnHome(conn.RemoteAddr())
		}
		return conn, err
	}
	if !g.isProxy(hostname) {
		dialer.Control = func(_, target string, _ syscall.RawConn) error {
			connected, err := netip.ParseAddrPort(target)
			if err != nil {
				return err
			}
			return g.judge(hostname, connected.Addr())
		}
	}
	return dialer.DialContext(ctx, network, target)
}

func (g *guard) isProxy(hostname string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.proxies[hostname]
}

func (g *guard) learnHome(remote net.Addr) {
	address, err := netip.ParseAddrPort(remote.String())
	if err != nil {
		return
	}
	refusal := g.policy.Judge(address.Addr().Unmap())
	g.mu.Lock()
	defer g.mu.Unlock()
	g.home = ""
	if refusal != nil {
		g.home = refusal.Reason
	}
}

func (g *guard) judge(hostname string, address netip.Addr) error {
	refusal := g.policy.Judge(address.Unmap())
	if refusal == nil {
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if refusal.Reason == g.home {
		return nil
	}
	return &forbiddenAddress{host: hostname, reason: refusal.Reason}
}

func asForbidden(err error) (*forbiddenAddress, bool) {
	var forbidden *forbiddenAddress
	return forbidden, errors.As(err, &forbidden)
}
