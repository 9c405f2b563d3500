// Which identities are accepted.

package machine

import (
	"strings"
	"testing"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

func TestValidateConfigure(t *testing.T) {
	const id = "0123456789abcdef0123456789abcdef"
	label := strings.Repeat("x", 63)
	for name, test := range map[string]struct {
		token        int
		hostname, id string
		ok           bool
	}{
		"plain":            {32, "guest-1", id, true},
		"one character":    {32, "a", id, true},
		"longest":          {32, label, id, true},
		"domain":           {32, "a.b-c.3", id, true},
		"short token":      {31, "a", id, false},
		"no token":         {0, "a", id, false},
		"no hostname":      {32, "", id, false},
		"long hostname":    {32, label + "x", id, false},
		"hyphen first":     {32, "-a", id, false},
		"hyphen last":      {32, "a-", id, false},
		"empty label":      {32, "a..b", id, false},
		"underscore":       {32, "a_b", id, false},
		"line break":       {32, "a\n", id, false},
		"unicode":          {32, "ü", id, false},
		"no id":            {32, "a", "", false},
		"uppercase id":     {32, "a", strings.ToUpper(id), false},
		"id with a hyphen": {32, "a", id[:31] + "-", false},
		"id and more":      {32, "a", id + "\n", false},
	} {
		err := validateConfigure(&agentv1.ConfigureRequest{Token: make([]byte, test.token), Hostname: test.hostname, MachineId: test.id})
		if (err == nil) != test.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}
