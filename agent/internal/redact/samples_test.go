package redact_test

import (
	"encoding/json"
	"os"
	"testing"

	"pyro-mcp/agent/internal/redact"
)

// The host's tests read the samples, too: both sides must find the same.
func TestSamples(t *testing.T) {
	content, err := os.ReadFile("../../../test/fixtures/redaction.json")
	if err != nil {
		t.Fatal(err)
	}
	var samples []struct {
		Name     string
		Patterns []struct{ Secret, View, Symbols string }
		Texts    map[string]string
	}
	if err := json.Unmarshal(content, &samples); err != nil {
		t.Fatal(err)
	}
	views := map[string]redact.View{"plain": redact.Plain, "url": redact.URL, "base64": redact.Base64}
	for _, sample := range samples {
		t.Run(sample.Name, func(t *testing.T) {
			var patterns []redact.Pattern
			for _, each := range sample.Patterns {
				patterns = append(patterns, redact.Pattern{
					Secret: each.Secret, View: views[each.View], Symbols: latin1(each.Symbols),
				})
			}
			set := redact.Compile(patterns)
			for text, want := range sample.Texts {
				if got := set.Bytes([]byte(text)); string(got) != want {
					t.Errorf("%q:\ngot  %q\nwant %q", text, got, want)
				}
			}
		})
	}
}

// latin1 makes bytes of a string that has one character for each.
func latin1(text string) []byte {
	var bytes []byte
	for _, r := range text {
		bytes = append(bytes, byte(r))
	}
	return bytes
}
