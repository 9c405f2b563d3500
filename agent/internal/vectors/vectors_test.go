// Package vectors holds the golden encodings of the protocol: both ends test
// that they read and write the bytes in proto/testdata the same way.
//
// Write the files anew with: go test ./internal/vectors -update
package vectors

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

var update = flag.Bool("update", false, "write the golden files")

const folder = "../../../proto/testdata"

// vector is one entry of a golden file.
type vector struct {
	Name string `json:"name"`
	// Message is the full name of the message's type.
	Message string `json:"message"`
	// Hex is the binary encoding, fields in the order of their numbers.
	Hex  string          `json:"hex"`
	JSON json.RawMessage `json:"json"`
}

func encode(t *testing.T, message proto.Message) []byte {
	t.Helper()
	wire, err := proto.MarshalOptions{Deterministic: true}.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	return wire
}

func TestGoldenVectors(t *testing.T) {
	for file, samples := range samples() {
		path := filepath.Join(folder, file)
		if *update {
			write(t, path, samples)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var vectors []vector
		if err := json.Unmarshal(content, &vectors); err != nil {
			t.Fatal(err)
		}
		if len(vectors) != len(samples) {
			t.Errorf("%s has %d vectors instead of %d: run with -update", file, len(vectors), len(samples))
		}
		for _, v := range vectors {
			check(t, v)
		}
	}
}

// check decodes hex and JSON, which must agree, and encodes hex again.
func check(t *testing.T, v vector) {
	t.Helper()
	kind, err := protoregistry.GlobalTypes.FindMessageByName(protoreflect.FullName(v.Message))
	if err != nil {
		t.Fatalf("%s: %v", v.Name, err)
	}
	wire, err := hex.DecodeString(v.Hex)
	if err != nil {
		t.Fatalf("%s: %v", v.Name, err)
	}
	decoded, described := kind.New().Interface(), kind.New().Interface()
	if err := proto.Unmarshal(wire, decoded); err != nil {
		t.Errorf("%s: %v", v.Name, err)
	}
	if err := protojson.Unmarshal(v.JSON, described); err != nil {
		t.Errorf("%s: %v", v.Name, err)
	}
	if !proto.Equal(decoded, described) {
		t.Errorf("%s: the bytes say %v, the JSON %v", v.Name, decoded, described)
	}
	if again := encode(t, decoded); !bytes.Equal(again, wire) {
		t.Errorf("%s: encoded again it is %x", v.Name, again)
	}
}

func write(t *testing.T, path string, samples []sample) {
	t.Helper()
	vectors := make([]vector, 0, len(samples))
	for _, s := range samples {
		described, err := protojson.Marshal(s.message)
		if err != nil {
			t.Fatal(err)
		}
		vectors = append(vectors, vector{
			Name:    s.name,
			Message: string(s.message.ProtoReflect().Descriptor().FullName()),
			Hex:     hex.EncodeToString(encode(t, s.message)),
			JSON:    described,
		})
	}
	content, err := json.MarshalIndent(vectors, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(content, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestEveryMessageHasAVector keeps new messages from being forgotten.
func TestEveryMessageHasAVector(t *testing.T) {
	covered := map[protoreflect.FullName]bool{}
	for _, list := range samples() {
		for _, s := range list {
			covered[s.message.ProtoReflect().Descriptor().FullName()] = true
		}
	}
	protoregistry.GlobalTypes.RangeMessages(func(kind protoreflect.MessageType) bool {
		d := kind.Descriptor()
		if d.ParentFile().Package() == "agent.v1" && !d.IsMapEntry() && !covered[d.FullName()] {
			t.Errorf("%s has no vector", d.FullName())
		}
		return true
	})
}
