// Answers to a guest.

package dns

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"pyro-mcp/helper/internal/record"
)

// zone is what the host's resolver knows: addresses by name.
type zone map[string][]string

func (z zone) lookUp(_ context.Context, network, host string) (found []netip.Addr, err error) {
	texts, known := z[host]
	if host == "broken.test." {
		return nil, &net.DNSError{Err: "server misbehaving", IsTemporary: true}
	}
	for _, text := range texts {
		if address := netip.MustParseAddr(text); address.Is4() == (network == "ip4") {
			found = append(found, address)
		}
	}
	if !known || len(found) == 0 {
		return nil, &net.DNSError{Err: "no such host", IsNotFound: true}
	}
	return found, nil
}

func newResolver(t *testing.T, known zone, exchange Exchange) *Resolver {
	t.Helper()
	recorder, err := record.Open(filepath.Join(t.TempDir(), "record"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { recorder.Close() })
	return &Resolver{Lookup: known.lookUp, Exchange: exchange, HasIPv6: true, Record: recorder}
}

func ask4(t *testing.T, resolver *Resolver, name string, kind dnsmessage.Type, stream bool) dnsmessage.Message {
	t.Helper()
	answer := resolver.Answer(t.Context(), packed(t, name, kind), stream)
	var message dnsmessage.Message
	if err := message.Unpack(answer); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if message.ID != 4711 || !message.Response || !message.RecursionAvailable {
		t.Errorf("%s: %+v", name, message.Header)
	}
	return message
}

func packed(t *testing.T, name string, kind dnsmessage.Type) []byte {
	t.Helper()
	message := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: 4711, RecursionDesired: true},
		Questions: []dnsmessage.Question{{Name: dnsmessage.MustNewName(name), Type: kind, Class: dnsmessage.ClassINET}},
	}
	bytes, err := message.Pack()
	if err != nil {
		t.Fatal(err)
	}
	return bytes
}

func addressesIn(message dnsmessage.Message) (found []string) {
	for _, answer := range message.Answers {
		switch body := answer.Body.(type) {
		case *dnsmessage.AResource:
			found = append(found, netip.AddrFrom4(body.A).String())
		case *dnsmessage.AAAAResource:
			found = append(found, netip.AddrFrom16(body.AAAA).String())
		}
	}
	return found
}

func TestAnswers(t *testing.T) {
	resolver := newResolver(t, zone{
		"both.test.": {"203.0.113.2", "203.0.113.3", "2001:db8::2"},
		"four.test.": {"203.0.113.4"},
		"own.test.":  {"127.0.0.1"},
	}, nil)
	for _, test := range []struct {
		name  string
		kind  dnsmessage.Type
		code  dnsmessage.RCode
		found string
	}{
		{"both.test.", dnsmessage.TypeA, dnsmessage.RCodeSuccess, "203.0.113.2 203.0.113.3"},
		{"both.test.", dnsmessage.TypeAAAA, dnsmessage.RCodeSuccess, "2001:db8::2"},
		{"four.test.", dnsmessage.TypeAAAA, dnsmessage.RCodeSuccess, ""},
		{"none.test.", dnsmessage.TypeA, dnsmessage.RCodeNameError, ""},
		{"none.test.", dnsmessage.TypeAAAA, dnsmessage.RCodeNameError, ""},
		{"broken.test.", dnsmessage.TypeA, dnsmessage.RCodeServerFailure, ""},
		// The answer is no secret; connecting there is refused.
		{"own.test.", dnsmessage.TypeA, dnsmessage.RCodeSuccess, "127.0.0.1"},
		{"both.test.", typeANY, dnsmessage.RCodeRefused, ""},
		{"both.test.", typeAXFR, dnsmessage.RCodeRefused, ""},
	} {
		message := ask4(t, resolver, test.name, test.kind, false)
		if got := strings.Join(addressesIn(message), " "); message.RCode != test.code || got != test.found {
			t.Errorf("%s %s: %s %q", test.name, test.kind, message.RCode, got)
		}
	}
	for address, name := range map[string]string{"203.0.113.3": "both.test", "2001:db8::2": "both.test", "203.0.113.9": ""} {
		if got := resolver.NameOf(netip.MustParseAddr(address)); got != name {
			t.Errorf("%s: %q", address, got)
		}
	}
}

func TestWithoutIPv6NoNameHasAnAddressOfIt(t *testing.T) {
	resolver := newResolver(t, zone{"six.test.": {"2001:db8::2"}}, nil)
	resolver.HasIPv6 = false
	if message := ask4(t, resolver, "six.test.", dnsmessage.TypeAAAA, false); message.RCode != dnsmessage.RCodeSuccess || len(message.Answers) != 0 {
		t.Error(message)
	}
}

func TestOtherTypesAreAskedOfTheHostsServers(t *testing.T) {
	var asked []byte
	exchange := func(_ context.Context, query []byte) ([]byte, error) {
		asked = query
		return textAnswer(t, query, "hello"), nil
	}
	resolver := newResolver(t, nil, exchange)
	message := ask4(t, resolver, "text.test.", dnsmessage.TypeTXT, false)
	if len(message.Answers) != 1 || message.Answers[0].Body.(*dnsmessage.TXTResource).TXT[0] != "hello" {
		t.Error(message)
	}
	var sent dnsmessage.Message
	if err := sent.Unpack(asked); err != nil || sent.Questions[0].Name.String() != "text.test." {
		t.Error(sent, err)
	}
}

func textAnswer(t *testing.T, query []byte, texts ...string) []byte {
	t.Helper()
	var message dnsmessage.Message
	if err := message.Unpack(query); err != nil {
		t.Fatal(err)
	}
	message.Response, message.RecursionAvailable = true, true
	message.Answers = []dnsmessage.Resource{{
		Header: dnsmessage.ResourceHeader{Name: message.Questions[0].Name, Class: dnsmessage.ClassINET},
		Body:   &dnsmessage.TXTResource{TXT: texts},
	}}
	bytes, err := message.Pack()
	if err != nil {
		t.Fatal(err)
	}
	return bytes
}

func TestALongAnswerComesOverAStream(t *testing.T) {
	long := make([]string, 10)
	for i := range long {
		long[i] = strings.Repeat("x", 200)
	}
	resolver := newResolver(t, nil, func(_ context.Context, query []byte) ([]byte, error) {
		return textAnswer(t, query, long...), nil
	})
	if message := ask4(t, resolver, "long.test.", dnsmessage.TypeTXT, false); !message.Truncated || len(message.Answers) != 0 {
		t.Error("a datagram of more than 512 bytes")
	}
	if message := ask4(t, resolver, "long.test.", dnsmessage.TypeTXT, true); message.Truncated || len(message.Answers) != 1 {
		t.Error("a stream has room")
	}
}

func TestAnswersThatAreNone(t *testing.T) {
	for name, exchange := range map[string]Exchange{
		"an error": func(context.Context, []byte) ([]byte, error) { return nil, errors.New("no") },
		"nothing":  func(context.Context, []byte) ([]byte, error) { return nil, nil },
		"the query itself": func(_ context.Context, query []byte) ([]byte, error) {
			return query, nil
		},
		"another name": func(context.Context, []byte) ([]byte, error) {
			return textAnswer(t, packed(t, "other.test.", dnsmessage.TypeTXT), "x"), nil
		},
	} {
		message := ask4(t, newResolver(t, nil, exchange), "text.test.", dnsmessage.TypeTXT, false)
		if message.RCode != dnsmessage.RCodeServerFailure {
			t.Errorf("%s: %v", name, message.RCode)
		}
	}
}

func TestNamesAreBounded(t *testing.T) {
	var known names
	at := func(i int) netip.Addr { return netip.AddrFrom4([4]byte{1, byte(i >> 16), byte(i >> 8), byte(i)}) }
	for i := range 3 * maxNames {
		known.remember(at(i), fmt.Sprint(i))
	}
	if len(known.known) != maxNames || known.of(at(0)) != "" || known.of(at(3*maxNames-1)) == "" {
		t.Error(len(known.known))
	}
	known.remember(at(3*maxNames-1), "again")
	if len(known.known) != maxNames || known.of(at(3*maxNames-1)) != "again" {
		t.Error("the same address twice")
	}
}

func TestNamesAreFitForTheRecord(t *testing.T) {
	for name, want := range map[string]string{
		"Example.ORG.":          "example.org",
		"a\x1b[31m\n\"b\u202e.": "a?",
		"_srv._tcp.x-y.":        "_srv._tcp.x-y",
		".":                     "",
	} {
		got := readable(dnsmessage.MustNewName(name))
		if !strings.HasPrefix(got, want) || strings.ContainsAny(got, "\x1b\n\"\u202e") {
			t.Errorf("%q: %q", name, got)
		}
	}
}

func FuzzAnswer(f *testing.F) {
	resolver := &Resolver{
		Lookup:   zone{"x.": {"203.0.113.2"}}.lookUp,
		Exchange: func(_ context.Context, query []byte) ([]byte, error) { return query, nil },
	}
	resolver.Record, _ = record.Open("")
	f.Add([]byte("\x12\x67\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x01x\x00\x00\x01\x00\x01"))
	f.Add([]byte("\x12\x67\x01\x00\x00\x01\x00\x00\x00\x00\x00\x01\x01x\x00\x00\x10\x00\x01\x00\x00\x29\x04\xd0\x00\x00\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, query []byte) {
		answer := resolver.Answer(t.Context(), query, false)
		if answer == nil {
			return
		}
		if len(answer) > extendedBytes || answer[0] != query[0] || answer[1] != query[1] || answer[2]&0x80 == 0 {
			t.Errorf("%x", answer)
		}
	})
}

func TestParseResolvConf(t *testing.T) {
	const text = "# nameserver 1.1.1.1\nnameserver 192.0.2.53\nnameserver\t2001:db8::53\nsearch x\nnameserver nonsense\nnameserver fe80::1%eth0\nnameserver 9.9.9.9\n"
	servers := parseResolvConf(text)
	if fmt.Sprint(servers) != "[192.0.2.53:53 [2001:db8::53]:53 [fe80::1%eth0]:53]" {
		t.Error(servers)
	}
}

func TestParseServers(t *testing.T) {
	servers, err := ParseServers([]string{"192.0.2.53", "192.0.2.53:5353", "2001:db8::1", "[2001:db8::1]:54"})
	if err != nil || fmt.Sprint(servers) != "[192.0.2.53:53 192.0.2.53:5353 [2001:db8::1]:53 [2001:db8::1]:54]" {
		t.Error(servers, err)
	}
	if _, err := ParseServers([]string{"dns.example"}); err == nil {
		t.Error("a name")
	}
}
