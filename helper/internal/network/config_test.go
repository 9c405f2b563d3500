// The line on stdin.

package network

import (
	"strings"
	"testing"
)

func TestReadConfig(t *testing.T) {
	token := strings.Repeat("0f", tokenBytes)
	for line, ok := range map[string]bool{
		`{"socket":"/s","token":"TOKEN","record":"/r","allow":["10.0.0.0/8","fd00::/8"],"resolvers":["192.0.2.53"]}`: true,
		`{"socket":"/s","token":"TOKEN","record":""}`:                                                                true,
		`{"socket":"s","token":"TOKEN","record":"/r"}`:                                                               false,
		`{"socket":"/s","token":"TOKEN","record":"r"}`:                                                               false,
		`{"socket":"/s","token":"TOKEN00","record":"/r"}`:                                                            false,
		`{"socket":"/s","token":"xx","record":"/r"}`:                                                                 false,
		`{"socket":"/s","token":"TOKEN","record":"/r","allow":["10.0.0.1"]}`:                                         false,
		`{"socket":"/s","token":"TOKEN","record":"/r","resolvers":["dns.example"]}`:                                  false,
		`{"socket":"/s","token":"TOKEN","record":"/r","unknown":1}`:                                                  false,
		`{"socket":"/s","token":"TOKEN"`:                                                                             false,
		``:                                                                                                           false,
	} {
		_, err := readConfig(strings.NewReader(strings.ReplaceAll(line, "TOKEN", token) + "\n"))
		if (err == nil) != ok {
			t.Errorf("%s: %v", line, err)
		}
	}
	if _, err := readConfig(strings.NewReader(`{"socket":"/s","token":"` + token + `","record":"/r"}`)); err == nil {
		t.Error("a line without its end")
	}
}
