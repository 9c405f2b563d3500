// What the kernel says of addresses.

package host

import (
	"net"
	"net/netip"
	"os"
	"os/exec"
	"testing"
	"time"
)

const inNamespace = "PYRO_TEST_IN_NAMESPACE"

func TestEveryAddressOfThisHostIsOwn(t *testing.T) {
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, each := range addresses {
		address, _ := netip.AddrFromSlice(each.(*net.IPNet).IP)
		if address.IsLinkLocalUnicast() && address.Is6() {
			// It has no meaning without an interface, and the policy refuses it anyway.
			continue
		}
		if !IsOwn(address.Unmap()) {
			t.Errorf("%s is not own", address)
		}
	}
	for _, text := range []string{"127.0.0.1", "127.1.2.3", "::1", "255.255.255.255"} {
		if !IsOwn(netip.MustParseAddr(text)) {
			t.Errorf("%s is not own", text)
		}
	}
}

// Addresses that are added later, and ranges that are routed to the host itself,
// in a network of the test's own.
func TestANewAddressIsOwnAtOnce(t *testing.T) {
	if os.Getenv(inNamespace) == "" {
		unshare := []string{"unshare", "--net"}
		if os.Geteuid() != 0 {
			unshare = []string{"unshare", "--user", "--map-root-user", "--net"}
		}
		if exec.Command(unshare[0], append(unshare[1:], "true")...).Run() != nil {
			t.Skip("this host gives this user no network namespace")
		}
		cmd := exec.Command(unshare[0], append(unshare[1:], os.Args[0], "-test.run=^TestANewAddressIsOwnAtOnce$")...)
		cmd.Env = append(os.Environ(), inNamespace+"=1")
		if output, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, output)
		}
		return
	}
	run := func(arguments ...string) {
		t.Helper()
		if output, err := exec.Command("ip", arguments...).CombinedOutput(); err != nil {
			t.Fatalf("ip %v: %s", arguments, output)
		}
	}
	expect := func(own bool, texts ...string) {
		t.Helper()
		for _, text := range texts {
			if IsOwn(netip.MustParseAddr(text)) != own {
				t.Errorf("%s: own is not %v", text, own)
			}
		}
	}
	expect(false, "203.0.113.1", "8.8.8.8", "2001:db8::1")
	run("link", "set", "lo", "up")
	run("link", "add", "d0", "type", "veth", "peer", "name", "d1")
	run("link", "set", "d1", "up")
	run("link", "set", "d0", "up")
	run("address", "add", "203.0.113.1/24", "dev", "d0")
	run("-6", "address", "add", "2001:db8::1/128", "dev", "lo")
	// The kernel takes an address of IPv6 into use a moment later: a poll, because
	// nothing tells when.
	for deadline := time.Now().Add(10 * time.Second); !IsOwn(netip.MustParseAddr("2001:db8::1")) && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	expect(true, "203.0.113.1", "2001:db8::1", "203.0.113.255")
	expect(false, "203.0.113.2", "2001:db8::2", "8.8.8.8")
	run("route", "add", "local", "198.51.100.0/24", "dev", "lo")
	run("-6", "route", "add", "local", "2001:db8:1::/48", "dev", "lo")
	expect(true, "198.51.100.9", "2001:db8:1::9")
	run("address", "del", "203.0.113.1/24", "dev", "d0")
	expect(false, "203.0.113.1")
}
