// What is allowed and what is not.

package policy

import (
	"encoding/binary"
	"net/netip"
	"testing"
)

var hostAddress = netip.MustParseAddr("198.51.100.7")
var hostAddress6 = netip.MustParseAddr("2600:db8::7")

func isHost(address netip.Addr) bool { return address == hostAddress || address == hostAddress6 }

func judge(t *testing.T, address string, allow ...string) string {
	t.Helper()
	prefixes, err := ParseAllow(allow)
	if err != nil {
		t.Fatal(err)
	}
	refusal := Policy{Allow: prefixes, Own: isHost}.Judge(netip.MustParseAddr(address))
	if refusal == nil {
		return ""
	}
	return refusal.Reason
}

func TestJudge(t *testing.T) {
	const own = "address of the host"
	for address, reason := range map[string]string{
		"1.1.1.1":          "",
		"8.8.8.8":          "",
		"93.184.216.34":    "",
		"223.255.255.255":  "",
		"192.0.2.1":        "",
		"198.51.100.8":     "",
		"203.0.113.2":      "",
		"2606:4700::1111":  "",
		"2001:db8::1":      "",
		"2001:200::1":      "",
		"3fff::1":          "",
		"64:ff9b::808:808": "",

		"0.0.0.0":         reasonUnspecified,
		"0.1.2.3":         reasonUnspecified,
		"127.0.0.1":       reasonLoopback,
		"127.255.255.254": reasonLoopback,
		"169.254.0.1":     reasonLinkLocal,
		"169.254.169.254": reasonMetadata,
		"100.100.100.200": reasonMetadata,
		"168.63.129.16":   reasonMetadata,
		"192.0.0.192":     reasonMetadata,
		"192.0.0.8":       reasonReserved,
		"192.88.99.1":     reasonReserved,
		"224.0.0.251":     reasonMulticast,
		"239.255.255.250": reasonMulticast,
		"240.0.0.1":       reasonReserved,
		"255.255.255.255": reasonBroadcast,
		"10.0.0.1":        reasonPrivate,
		"10.87.0.2":       reasonGuests,
		"10.87.0.1":       reasonGuests,
		"10.87.1.1":       reasonPrivate,
		"172.16.0.1":      reasonPrivate,
		"172.31.255.255":  reasonPrivate,
		"172.32.0.1":      "",
		"192.168.1.1":     reasonPrivate,
		"100.64.0.1":      reasonPrivate,
		"100.127.255.255": reasonPrivate,
		"100.128.0.1":     "",
		"198.18.0.1":      reasonBenchmark,
		"198.51.100.7":    own,

		"::":                 reasonUnspecified,
		"::1":                reasonLoopback,
		"fe80::1":            reasonLinkLocal,
		"febf::1":            reasonLinkLocal,
		"fec0::1":            reasonReserved,
		"fd00:ec2::254":      reasonMetadata,
		"fd20:ce::254":       reasonMetadata,
		"fd87::1":            reasonGuests,
		"fc00::1":            reasonPrivate,
		"fd12:3456::1":       reasonPrivate,
		"ff02::1":            reasonMulticast,
		"ff0e::1":            reasonMulticast,
		"100::1":             reasonReserved,
		"2001:2::1":          reasonReserved,
		"2001:10::1":         reasonReserved,
		"4000::1":            reasonReserved,
		"64:ff9b:1::808:808": reasonReserved,
		"2600:db8::7":        own,
		"2600:db8::7%eth0":   "not an address of the internet",
		"fe80::1%eth0":       "not an address of the internet",

		// IPv4 in other clothes.
		"::ffff:8.8.8.8":            "",
		"::ffff:127.0.0.1":          reasonLoopback,
		"::ffff:10.0.0.1":           reasonPrivate,
		"::ffff:169.254.169.254":    reasonMetadata,
		"::ffff:198.51.100.7":       own,
		"::127.0.0.1":               reasonLoopback,
		"::8.8.8.8":                 reasonReserved,
		"::ffff:0:127.0.0.1":        reasonLoopback,
		"::ffff:0:8.8.8.8":          reasonReserved,
		"64:ff9b::7f00:1":           reasonLoopback,
		"64:ff9b::a9fe:a9fe":        reasonMetadata,
		"64:ff9b::c0a8:101":         reasonPrivate,
		"64:ff9b::c633:6407":        own,
		"2002:7f00:1::":             reasonLoopback,
		"2002:a9fe:a9fe::1":         reasonMetadata,
		"2002:808:808::1":           reasonReserved,
		"2001:0:7f00:1::f7f7:f7f7":  reasonLoopback,
		"2001:0:808:808::80ff:fffe": reasonLoopback,
		"2001:0:808:808::f7f7:f7f7": reasonReserved,
		"2600::5efe:127.0.0.1":      reasonLoopback,
		"2600::200:5efe:10.0.0.1":   reasonPrivate,
		"2600::5efe:8.8.8.8":        "",
	} {
		if got := judge(t, address); got != reason {
			t.Errorf("%s: %q instead of %q", address, got, reason)
		}
	}
}

func TestAllowOpensPrivateRangesAndNothingElse(t *testing.T) {
	everything := []string{"0.0.0.0/0", "::/0"}
	for address, reason := range map[string]string{
		"10.0.0.1":           "",
		"172.16.5.5":         "",
		"192.168.1.1":        "",
		"100.64.0.1":         "",
		"198.18.0.1":         "",
		"fd12:3456::1":       "",
		"64:ff9b::c0a8:101":  "",
		"::ffff:192.168.1.1": "",

		"127.0.0.1":          reasonLoopback,
		"::1":                reasonLoopback,
		"198.51.100.7":       "address of the host",
		"2600:db8::7":        "address of the host",
		"169.254.1.1":        reasonLinkLocal,
		"169.254.169.254":    reasonMetadata,
		"100.100.100.200":    reasonMetadata,
		"fd00:ec2::254":      reasonMetadata,
		"fe80::1":            reasonLinkLocal,
		"224.0.0.1":          reasonMulticast,
		"255.255.255.255":    reasonBroadcast,
		"0.0.0.0":            reasonUnspecified,
		"::":                 reasonUnspecified,
		"10.87.0.1":          reasonGuests,
		"240.0.0.1":          reasonReserved,
		"4000::1":            reasonReserved,
		"64:ff9b::7f00:1":    reasonLoopback,
		"2002:7f00:1::":      reasonLoopback,
		"::ffff:127.0.0.1":   reasonLoopback,
		"64:ff9b::c633:6407": "address of the host",
	} {
		if got := judge(t, address, everything...); got != reason {
			t.Errorf("%s: %q instead of %q", address, got, reason)
		}
	}
	if got := judge(t, "10.1.2.3", "10.1.0.0/16"); got != "" {
		t.Error(got)
	}
	if got := judge(t, "10.2.0.1", "10.1.0.0/16"); got != reasonPrivate {
		t.Error(got)
	}
}

func TestParseAllow(t *testing.T) {
	for _, text := range []string{"", "10.0.0.1", "10.0.0.0/33", "::ffff:10.0.0.0/104", "fe80::%eth0/64", "x/8"} {
		if prefixes, err := ParseAllow([]string{text}); err == nil {
			t.Errorf("%q: %v", text, prefixes)
		}
	}
	prefixes, err := ParseAllow([]string{"10.1.2.3/8"})
	if err != nil || prefixes[0] != netip.MustParsePrefix("10.0.0.0/8") {
		t.Error(prefixes, err)
	}
}

func TestNoAddressAtAll(t *testing.T) {
	if (Policy{Own: isHost}).Judge(netip.Addr{}) == nil {
		t.Error("allowed")
	}
}

// forms are the ways to write an IPv4 address into one of IPv6.
func forms(address [4]byte) map[string]netip.Addr {
	at := func(start int, bytes [16]byte) netip.Addr {
		copy(bytes[start:], address[:])
		return netip.AddrFrom16(bytes)
	}
	inverted := [4]byte{^address[0], ^address[1], ^address[2], ^address[3]}
	client := [16]byte{0x20, 0x01, 0, 0, 8, 8, 8, 8}
	copy(client[12:], inverted[:])
	return map[string]netip.Addr{
		"mapped":        at(12, [16]byte{10: 0xff, 11: 0xff}),
		"compatible":    at(12, [16]byte{}),
		"translated":    at(12, [16]byte{8: 0xff, 9: 0xff}),
		"nat64":         at(12, [16]byte{0, 0x64, 0xff, 0x9b}),
		"6to4":          at(2, [16]byte{0x20, 0x02}),
		"teredo server": at(4, [16]byte{0x20, 0x01}),
		"teredo client": netip.AddrFrom16(client),
		"isatap":        at(12, [16]byte{0x26, 0, 10: 0x5e, 11: 0xfe}),
	}
}

// Every first half of an IPv4 address, with the halves that stand at the borders
// of ranges: what is forbidden is forbidden in all its forms.
func TestNoFormOpensWhatIsForbidden(t *testing.T) {
	policy := Policy{Own: isHost}
	for first := range 1 << 16 {
		for _, second := range []uint16{0, 1, 0x00c0, 0x7f01, 0xa9fe, 0xffff} {
			var bytes [4]byte
			binary.BigEndian.PutUint16(bytes[:], uint16(first))
			binary.BigEndian.PutUint16(bytes[2:], second)
			plain := netip.AddrFrom4(bytes)
			if policy.Judge(plain) == nil {
				continue
			}
			for name, form := range forms(bytes) {
				if policy.Judge(form) == nil {
					t.Fatalf("%s is refused, but as %s %s it is not", plain, name, form)
				}
			}
		}
	}
}

func FuzzAllowedIsTheInternet(f *testing.F) {
	f.Add([]byte{127, 0, 0, 1})
	f.Add([]byte{0x26, 0, 15: 1})
	f.Fuzz(func(t *testing.T, bytes []byte) {
		address, ok := netip.AddrFromSlice(bytes)
		if !ok || (Policy{Own: isHost}).Judge(address) != nil {
			return
		}
		if plain := address.Unmap(); plain.Is4() {
			if plain.IsPrivate() || plain.IsLoopback() || plain.IsLinkLocalUnicast() || plain.IsMulticast() || !plain.IsGlobalUnicast() || isHost(plain) {
				t.Error(address)
			}
		} else if !globalUnicast.Contains(plain) && !nat64.Contains(plain) || isHost(plain) {
			t.Error(address)
		}
	})
}
