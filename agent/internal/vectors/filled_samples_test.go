// Samples of the services that have files of their own: each message empty, and
// with something in every field, once for each alternative of its oneofs.

package vectors

import (
	"fmt"
	"math"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	pb "pyro-mcp/agent/gen/agent/v1"
)

// maxDepth bounds messages that could hold themselves.
const maxDepth = 4

func filledSamples(file protoreflect.FileDescriptor) []sample {
	var list []sample
	for i := range file.Messages().Len() {
		kind, err := protoregistry.GlobalTypes.FindMessageByName(file.Messages().Get(i).FullName())
		if err != nil {
			panic(err)
		}
		name := string(kind.Descriptor().Name())
		list = append(list, sample{name + ", empty", kind.New().Interface()})
		for choice := range alternatives(kind.Descriptor()) {
			message := kind.New()
			fill(message, choice, maxDepth)
			list = append(list, sample{fmt.Sprintf("%s, filled (%d)", name, choice+1), message.Interface()})
		}
	}
	return list
}

// alternatives is how many fields the largest oneof has, at least 1.
func alternatives(kind protoreflect.MessageDescriptor) int {
	most := 1
	for i := range kind.Oneofs().Len() {
		most = max(most, kind.Oneofs().Get(i).Fields().Len())
	}
	return most
}

func fill(message protoreflect.Message, choice, depth int) {
	fields := message.Descriptor().Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		if one := field.ContainingOneof(); one != nil && one.Fields().Get(choice%one.Fields().Len()) != field {
			continue
		}
		switch {
		case field.IsMap():
			entries := message.Mutable(field).Map()
			entries.Set(scalar(field.MapKey()).MapKey(), scalar(field.MapValue()))
		case field.IsList() && field.Message() != nil:
			if depth > 0 {
				fill(message.Mutable(field).List().AppendMutable().Message(), choice, depth-1)
			}
		case field.IsList():
			list := message.Mutable(field).List()
			list.Append(scalar(field))
			list.Append(scalar(field))
		case field.Message() != nil:
			if depth > 0 {
				fill(message.Mutable(field).Message(), choice, depth-1)
			}
		default:
			message.Set(field, scalar(field))
		}
	}
}

// scalar is a value at the edge of what the field can hold.
func scalar(field protoreflect.FieldDescriptor) protoreflect.Value {
	switch field.Kind() {
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(true)
	case protoreflect.StringKind:
		return protoreflect.ValueOfString("ü€😀\t\"\\")
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes([]byte{0x00, 0x7f, 0x80, 0xff})
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		return protoreflect.ValueOfUint32(math.MaxUint32)
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind:
		return protoreflect.ValueOfInt32(math.MinInt32)
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		return protoreflect.ValueOfUint64(math.MaxUint64)
	case protoreflect.Int64Kind, protoreflect.Sint64Kind, protoreflect.Sfixed64Kind:
		return protoreflect.ValueOfInt64(math.MinInt64)
	case protoreflect.DoubleKind:
		return protoreflect.ValueOfFloat64(-0.125)
	case protoreflect.EnumKind:
		values := field.Enum().Values()
		return protoreflect.ValueOfEnum(values.Get(values.Len() - 1).Number())
	default:
		panic(fmt.Sprintf("no sample of %s", field.Kind()))
	}
}

// serviceFiles are the files of the protocol beside agent.proto.
func serviceFiles() map[string]protoreflect.FileDescriptor {
	return map[string]protoreflect.FileDescriptor{
		"disk.json":     pb.File_agent_v1_disk_proto,
		"network.json":  pb.File_agent_v1_network_proto,
		"ports.json":    pb.File_agent_v1_ports_proto,
		"secrets.json":  pb.File_agent_v1_secrets_proto,
		"services.json": pb.File_agent_v1_services_proto,
		"shells.json":   pb.File_agent_v1_shells_proto,
	}
}
