// Changes as a host sends them.

package files

import (
	"context"
	"errors"
	"io"
	"testing"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

func write(path, content string) []*agentv1.ApplyStep {
	return writeAs(&agentv1.WriteFile{Path: []byte(path), Size: uint64(len(content))}, content)
}

func writeAs(file *agentv1.WriteFile, content string) []*agentv1.ApplyStep {
	file.Size = uint64(len(content))
	return []*agentv1.ApplyStep{
		{Step: &agentv1.ApplyStep_WriteFile{WriteFile: file}},
		{Step: &agentv1.ApplyStep_Data{Data: &agentv1.FileData{Bytes: []byte(content)}}},
	}
}

func removal(path string) *agentv1.ApplyStep {
	return &agentv1.ApplyStep{Step: &agentv1.ApplyStep_Remove{Remove: &agentv1.Remove{Path: []byte(path)}}}
}

func directory(path string, mode uint32) *agentv1.ApplyStep {
	return &agentv1.ApplyStep{Step: &agentv1.ApplyStep_MakeDirectory{MakeDirectory: &agentv1.MakeDirectory{Path: []byte(path), Mode: mode}}}
}

func symlink(path, target string) *agentv1.ApplyStep {
	return &agentv1.ApplyStep{Step: &agentv1.ApplyStep_MakeSymlink{MakeSymlink: &agentv1.MakeSymlink{Path: []byte(path), Target: []byte(target)}}}
}

func hardLink(path, existing string) *agentv1.ApplyStep {
	return &agentv1.ApplyStep{Step: &agentv1.ApplyStep_MakeHardLink{MakeHardLink: &agentv1.MakeHardLink{Path: []byte(path), ExistingPath: []byte(existing)}}}
}

func mode(path string, mode uint32) *agentv1.ApplyStep {
	return &agentv1.ApplyStep{Step: &agentv1.ApplyStep_SetMode{SetMode: &agentv1.SetMode{Path: []byte(path), Mode: mode}}}
}

// list puts steps together.
func list(steps ...any) (all []*agentv1.ApplyStep) {
	for _, each := range steps {
		switch each := each.(type) {
		case *agentv1.ApplyStep:
			all = append(all, each)
		case []*agentv1.ApplyStep:
			all = append(all, each...)
		}
	}
	return all
}

// apply sends steps between a start and a commit.
func (g *guest) apply(ctx context.Context, steps ...*agentv1.ApplyStep) error {
	_, err := g.applied(ctx, steps...)
	return err
}

func (g *guest) applied(ctx context.Context, steps ...*agentv1.ApplyStep) (*agentv1.ApplyResponse, error) {
	all := list(&agentv1.ApplyStep{Step: &agentv1.ApplyStep_Start{Start: &agentv1.ApplyStart{Root: workspace}}}, steps,
		&agentv1.ApplyStep{Step: &agentv1.ApplyStep_Commit{Commit: &agentv1.ApplyCommit{}}})
	return g.send(ctx, all...)
}

// send sends steps as they are.
func (g *guest) send(ctx context.Context, steps ...*agentv1.ApplyStep) (*agentv1.ApplyResponse, error) {
	stream := g.client.Apply(ctx)
	for len(steps) > 0 {
		n := min(len(steps), 40)
		if err := stream.Send(&agentv1.ApplyRequest{Steps: steps[:n]}); errors.Is(err, io.EOF) {
			// The answer tells why.
			break
		} else if err != nil {
			return nil, err
		}
		steps = steps[n:]
	}
	response, err := stream.CloseAndReceive()
	if err != nil {
		return nil, err
	}
	return response.Msg, nil
}

func (g *guest) mustApply(t testing.TB, steps ...any) *agentv1.ApplyResponse {
	t.Helper()
	response, err := g.applied(context.Background(), list(steps...)...)
	must(t, err)
	return response
}
