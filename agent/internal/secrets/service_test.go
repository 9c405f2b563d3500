package secrets

import (
	"context"
	"strings"
	"testing"

	"connectrpc.com/connect"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

func TestParse(t *testing.T) {
	plain := func(symbols string) *agentv1.RedactionPattern {
		return &agentv1.RedactionPattern{
			Secret: "A", Symbols: &agentv1.RedactionPattern_Plain{Plain: []byte(symbols)},
		}
	}
	secret := func(name, value string) *agentv1.Secret {
		return &agentv1.Secret{Name: name, Value: []byte(value)}
	}
	for name, test := range map[string]struct {
		request *agentv1.PutSecretsRequest
		ok      bool
	}{
		"a secret":            {&agentv1.PutSecretsRequest{Secrets: []*agentv1.Secret{secret("A_1", "x\x00\xff")}}, true},
		"the largest":         {&agentv1.PutSecretsRequest{Secrets: []*agentv1.Secret{secret("A", strings.Repeat("x", 64<<10))}}, true},
		"too large":           {&agentv1.PutSecretsRequest{Secrets: []*agentv1.Secret{secret("A", strings.Repeat("x", 64<<10+1))}}, false},
		"a path for a name":   {&agentv1.PutSecretsRequest{Secrets: []*agentv1.Secret{secret("../A", "x")}}, false},
		"no name":             {&agentv1.PutSecretsRequest{Secrets: []*agentv1.Secret{secret("", "x")}}, false},
		"a pattern":           {&agentv1.PutSecretsRequest{Patterns: []*agentv1.RedactionPattern{plain("x")}}, true},
		"an empty pattern":    {&agentv1.PutSecretsRequest{Patterns: []*agentv1.RedactionPattern{plain("")}}, false},
		"a pattern of nobody": {&agentv1.PutSecretsRequest{Patterns: []*agentv1.RedactionPattern{{}}}, false},
	} {
		if _, _, err := parse(test.request); (err == nil) != test.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSecretsAreForGuestsOnly(t *testing.T) {
	_, err := NewService(&Store{}, "").PutSecrets(context.Background(), connect.NewRequest(&agentv1.PutSecretsRequest{}))
	if connect.CodeOf(err) != connect.CodeFailedPrecondition {
		t.Errorf("%v", err)
	}
}

func TestStore(t *testing.T) {
	store := &Store{}
	if _, err := store.Environment(nil, map[string]string{"V": "A"}); connect.CodeOf(err) != connect.CodeInvalidArgument {
		t.Errorf("an unknown secret: %v", err)
	}
	nothing := func() error { return nil }
	if err := store.put(map[string][]byte{"A": []byte("x")}, nil, nothing); err != nil {
		t.Fatal(err)
	}
	env, err := store.Environment(map[string]string{"V": "old", "W": "w"}, map[string]string{"V": "A"})
	if err != nil || env["V"] != "x" || env["W"] != "w" {
		t.Errorf("%v %v", env, err)
	}
	if err := store.put(nil, nil, nothing); connect.CodeOf(err) != connect.CodeFailedPrecondition {
		t.Errorf("secrets can be given twice: %v", err)
	}
}
