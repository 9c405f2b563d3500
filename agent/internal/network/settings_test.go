// Which attachments are accepted.

package network

import (
	"testing"

	"google.golang.org/protobuf/proto"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

func request() *agentv1.AttachRequest {
	return &agentv1.AttachRequest{
		SocketName:  "network.sock",
		Token:       make([]byte, tokenBytes),
		AddressCidr: "10.87.0.2/24",
		Gateway:     "10.87.0.1",
		Dns:         []string{"10.87.0.1"},
		Mtu:         65535,
	}
}

func TestParseSettings(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*agentv1.AttachRequest)
		ok     bool
	}{
		"plain":               {func(*agentv1.AttachRequest) {}, true},
		"no dns":              {func(r *agentv1.AttachRequest) { r.Dns = nil }, true},
		"ipv6":                {func(r *agentv1.AttachRequest) { r.Address6Cidr, r.Gateway6 = "fd87::2/64", "fd87::1" }, true},
		"no socket":           {func(r *agentv1.AttachRequest) { r.SocketName = "" }, false},
		"socket elsewhere":    {func(r *agentv1.AttachRequest) { r.SocketName = "../x" }, false},
		"hidden socket":       {func(r *agentv1.AttachRequest) { r.SocketName = ".x" }, false},
		"short token":         {func(r *agentv1.AttachRequest) { r.Token = r.Token[1:] }, false},
		"no mtu":              {func(r *agentv1.AttachRequest) { r.Mtu = 0 }, false},
		"mtu of more":         {func(r *agentv1.AttachRequest) { r.Mtu = 65536 }, false},
		"no address":          {func(r *agentv1.AttachRequest) { r.AddressCidr = "" }, false},
		"no prefix":           {func(r *agentv1.AttachRequest) { r.AddressCidr = "10.87.0.2" }, false},
		"gateway elsewhere":   {func(r *agentv1.AttachRequest) { r.Gateway = "10.88.0.1" }, false},
		"gateway is itself":   {func(r *agentv1.AttachRequest) { r.Gateway = "10.87.0.2" }, false},
		"ipv6 for ipv4":       {func(r *agentv1.AttachRequest) { r.AddressCidr, r.Gateway = "fd87::2/64", "fd87::1" }, false},
		"ipv4 for ipv6":       {func(r *agentv1.AttachRequest) { r.Address6Cidr, r.Gateway6 = "10.87.0.2/24", "10.87.0.1" }, false},
		"ipv6 without a way":  {func(r *agentv1.AttachRequest) { r.Address6Cidr = "fd87::2/64" }, false},
		"gateway with a zone": {func(r *agentv1.AttachRequest) { r.Address6Cidr, r.Gateway6 = "fe80::2/64", "fe80::1%eth0" }, false},
		"dns of a name":       {func(r *agentv1.AttachRequest) { r.Dns = []string{"dns.example\nnameserver 1.1.1.1"} }, false},
	} {
		changed := proto.CloneOf(request())
		test.change(changed)
		if parsed, err := parseSettings(changed); (err == nil) != test.ok {
			t.Errorf("%s: %+v %v", name, parsed, err)
		}
	}
}
