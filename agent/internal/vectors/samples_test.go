// The messages behind the golden vectors: for each type the empty message,
// typical ones, and the edges of its fields. A map has one entry at most, since
// the order of more is not fixed.

package vectors

import (
	"bytes"
	"math"
	"strings"

	"google.golang.org/protobuf/proto"

	pb "pyro-mcp/agent/gen/agent/v1"
)

type sample struct {
	name    string
	message proto.Message
}

func samples() map[string][]sample {
	all := map[string][]sample{
		"machine.json": machineSamples(),
		"process.json": processSamples(),
		"files.json":   append(lookingSamples(), changingSamples()...),
	}
	for name, file := range serviceFiles() {
		all[name] = filledSamples(file)
	}
	return all
}

func machineSamples() []sample {
	token := bytes.Repeat([]byte{0x00, 0x7f, 0x80, 0xff}, 8)
	return []sample{
		{"hello request", &pb.HelloRequest{}},
		{"hello response, empty", &pb.HelloResponse{}},
		{"hello response before configure", &pb.HelloResponse{ProtocolVersion: 1, AgentVersion: "0.1.0", Pid: 1, BootId: "103f16bb-6bc9-4e1b-8d78-89d3d0e33465"}},
		{"hello response with token", &pb.HelloResponse{ProtocolVersion: math.MaxUint32, AgentVersion: "0.1.0-rc.1+é", Token: token, Pid: math.MaxUint32}},
		{"configure request, empty", &pb.ConfigureRequest{}},
		{"configure request", &pb.ConfigureRequest{Token: token, Hostname: "ws-1", MachineId: "0123456789abcdef0123456789abcdef", MaxTasks: 4096}},
		{"configure request, edges", &pb.ConfigureRequest{Hostname: strings.Repeat("h", 63), MaxTasks: math.MaxUint32}},
		{"configure response, empty", &pb.ConfigureResponse{}},
		{"configure response", &pb.ConfigureResponse{Warnings: []string{"hostname: operation not permitted", "", "日本語 😀"}}},
		{"ping request", &pb.PingRequest{}},
		{"ping response, epoch", &pb.PingResponse{}},
		{"ping response", &pb.PingResponse{UnixNanos: 1_795_264_000_123_456_789}},
		{"ping response, latest", &pb.PingResponse{UnixNanos: math.MaxInt64}},
		{"ping response, earliest", &pb.PingResponse{UnixNanos: math.MinInt64}},
		{"shutdown request, at once", &pb.ShutdownRequest{}},
		{"shutdown request", &pb.ShutdownRequest{GraceMs: 2000}},
		{"shutdown response", &pb.ShutdownResponse{}},
	}
}

func processSamples() []sample {
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	full := &pb.ExecStart{
		ProcessId: "exec-1",
		Argv:      []string{"sh", "-c", "echo \"$1\"\n", "", "ü€😀\t"},
		Cwd:       "/workspace/with space",
		Env:       map[string]string{"NAME": "välue=1"},
		Stdin:     true,
		TimeoutMs: math.MaxUint32,
	}
	return []sample{
		{"exec start, empty", &pb.ExecStart{}},
		{"exec start", full},
		{"exec request, empty", &pb.ExecRequest{}},
		{"exec request with start", &pb.ExecRequest{Message: &pb.ExecRequest_Start{Start: full}}},
		{"exec request with an empty start", &pb.ExecRequest{Message: &pb.ExecRequest_Start{Start: &pb.ExecStart{}}}},
		{"exec request with a long argument", &pb.ExecRequest{Message: &pb.ExecRequest_Start{Start: &pb.ExecStart{ProcessId: "p", Argv: []string{strings.Repeat("a", 20_000)}}}}},
		{"exec request with binary stdin", &pb.ExecRequest{Message: &pb.ExecRequest_Stdin{Stdin: every}}},
		{"exec request with empty stdin", &pb.ExecRequest{Message: &pb.ExecRequest_Stdin{Stdin: []byte{}}}},
		{"exec request with the end of stdin", &pb.ExecRequest{Message: &pb.ExecRequest_StdinEnd{StdinEnd: &pb.StdinEnd{}}}},
		{"stdin end", &pb.StdinEnd{}},
		{"exec response, empty", &pb.ExecResponse{}},
		{"exec response with started", &pb.ExecResponse{Message: &pb.ExecResponse_Started{Started: &pb.ExecStarted{Pid: 42}}}},
		{"exec response with binary stdout", &pb.ExecResponse{Message: &pb.ExecResponse_Stdout{Stdout: every}}},
		{"exec response with stderr", &pb.ExecResponse{Message: &pb.ExecResponse_Stderr{Stderr: []byte("pyro: x: command not found\n")}}},
		{"exec response with exited", &pb.ExecResponse{Message: &pb.ExecResponse_Exited{Exited: &pb.ExecExited{ExitCode: 137, Signal: 9, DurationUs: 1_234_567}}}},
		{"exec started, empty", &pb.ExecStarted{}},
		{"exec started", &pb.ExecStarted{Pid: math.MaxUint32}},
		{"exec exited with 0", &pb.ExecExited{}},
		{"exec exited by its time limit", &pb.ExecExited{ExitCode: 124, Signal: 9, TimedOut: true, DurationUs: math.MaxUint64}},
		{"signal request, empty", &pb.SignalRequest{}},
		{"signal request", &pb.SignalRequest{ProcessId: "exec-1", Signal: 15}},
		{"signal request for the tree", &pb.SignalRequest{ProcessId: "ü", Signal: 64, Tree: true}},
		{"signal response, not delivered", &pb.SignalResponse{}},
		{"signal response", &pb.SignalResponse{Delivered: true}},
	}
}
