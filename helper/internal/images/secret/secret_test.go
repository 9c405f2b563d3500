// What is told and what is not.

package secret

import (
	"encoding/base64"
	"strings"
	"testing"
)

func TestTextLosesSecretsAndWhatAddressesCarry(t *testing.T) {
	keeper := &Keeper{}
	keeper.Add("p4ss word", "", "abc")
	keeper.AddHeader("Basic " + base64.StdEncoding.EncodeToString([]byte("user:inner-secret")))
	keeper.AddHeader("Bearer the-token")
	for text, want := range map[string]string{
		"denied for p4ss word":                    "denied for [redacted]",
		"form p4ss+word":                          "form [redacted]",
		"inner-secret and the-token":              "[redacted] and [redacted]",
		"GET https://u:x@cdn.example/a?sig=1#f":   "GET https://cdn.example/a",
		`Get "http://cdn.example/a?token=1": EOF`: `Get "http://cdn.example/a": EOF`,
		"abc stays, it is too short":              "abc stays, it is too short",
	} {
		if got := keeper.Clean(text); got != want {
			t.Errorf("%q became %q", text, got)
		}
	}
	if got := keeper.Clean(base64.StdEncoding.EncodeToString([]byte("user:inner-secret"))); strings.Contains(got, "dXNlcj") {
		t.Errorf("the header is told: %s", got)
	}
}
