// What a host may and may not ask for.

package process

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

func start(change func(*agentv1.ExecStart)) *agentv1.ExecStart {
	s := &agentv1.ExecStart{ProcessId: "p", Argv: []string{"true"}}
	change(s)
	return s
}

func TestValidateStart(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	for name, test := range map[string]struct {
		start *agentv1.ExecStart
		ok    bool
	}{
		"plain":            {start(func(*agentv1.ExecStart) {}), true},
		"long argument":    {start(func(s *agentv1.ExecStart) { s.Argv = append(s.Argv, long) }), true},
		"empty argument":   {start(func(s *agentv1.ExecStart) { s.Argv = append(s.Argv, "") }), true},
		"empty value":      {start(func(s *agentv1.ExecStart) { s.Env = map[string]string{"A": ""} }), true},
		"nothing":          {nil, false},
		"no id":            {start(func(s *agentv1.ExecStart) { s.ProcessId = "" }), false},
		"long id":          {start(func(s *agentv1.ExecStart) { s.ProcessId = strings.Repeat("x", 129) }), false},
		"no argv":          {start(func(s *agentv1.ExecStart) { s.Argv = nil }), false},
		"no name":          {start(func(s *agentv1.ExecStart) { s.Argv = []string{""} }), false},
		"NUL in argument":  {start(func(s *agentv1.ExecStart) { s.Argv = []string{"a", "\x00"} }), false},
		"too much":         {start(func(s *agentv1.ExecStart) { s.Argv = append(s.Argv, long, long) }), false},
		"too much env":     {start(func(s *agentv1.ExecStart) { s.Env = map[string]string{"A": long + long} }), false},
		"NUL in cwd":       {start(func(s *agentv1.ExecStart) { s.Cwd = "/a\x00b" }), false},
		"long cwd":         {start(func(s *agentv1.ExecStart) { s.Cwd = strings.Repeat("/", 4096) }), false},
		"env without name": {start(func(s *agentv1.ExecStart) { s.Env = map[string]string{"": "x"} }), false},
		"env name with =":  {start(func(s *agentv1.ExecStart) { s.Env = map[string]string{"A=": "x"} }), false},
		"NUL in env":       {start(func(s *agentv1.ExecStart) { s.Env = map[string]string{"A": "x\x00"} }), false},
	} {
		if err := validateStart(test.start); (err == nil) != test.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzValidateStart: what passes can be given to execve, and fits its limits.
func FuzzValidateStart(f *testing.F) {
	f.Add("p", "true", "arg", "/", "NAME", "value")
	f.Add("", "", "", "", "", "")
	f.Add("p", "a\x00b", "\xff", "../..", "A=B", "\n")
	f.Fuzz(func(t *testing.T, id, name, argument, cwd, key, value string) {
		s := &agentv1.ExecStart{ProcessId: id, Argv: []string{name, argument}, Cwd: cwd, Env: map[string]string{key: value}}
		if validateStart(s) != nil {
			return
		}
		if strings.Contains(name+argument+cwd+key+value, "\x00") || strings.Contains(key, "=") || key == "" || name == "" || id == "" {
			t.Errorf("passed: %v", s)
		}
	})
}

// FuzzDecodeRequest: no bytes make decoding or validation panic.
func FuzzDecodeRequest(f *testing.F) {
	for _, request := range []*agentv1.ExecRequest{
		{},
		{Message: &agentv1.ExecRequest_Start{Start: &agentv1.ExecStart{ProcessId: "p", Argv: []string{"a", "b"}, Env: map[string]string{"K": "v"}, TimeoutMs: 5}}},
		{Message: &agentv1.ExecRequest_Stdin{Stdin: []byte{0, 1, 255}}},
		{Message: &agentv1.ExecRequest_StdinEnd{}},
	} {
		seed, _ := proto.Marshal(request)
		f.Add(seed)
	}
	f.Add([]byte{0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f})
	f.Fuzz(func(t *testing.T, wire []byte) {
		var request agentv1.ExecRequest
		if proto.Unmarshal(wire, &request) == nil {
			_ = validateStart(request.GetStart())
		}
	})
}
