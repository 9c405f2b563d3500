// Stat: what certain paths are.

package files

import (
	"cmp"
	"context"
	"fmt"

	"connectrpc.com/connect"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

// maxPaths bounds the paths of one request.
const maxPaths = 100_000

// Stat describes paths, each as it is, without following a link in its last name.
func (s *Service) Stat(ctx context.Context, request *connect.Request[agentv1.StatRequest]) (*connect.Response[agentv1.StatResponse], error) {
	if err := checkPaths(request.Msg.GetPaths()); err != nil {
		return nil, err
	}
	root, err := s.openRoot(request.Msg.GetRoot())
	if err != nil {
		return nil, err
	}
	defer root.close()
	folders := newFolderCache(root)
	defer folders.close()
	entries := make([]*agentv1.Entry, 0, len(request.Msg.GetPaths()))
	for _, path := range request.Msg.GetPaths() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		parent, name := split(string(path))
		folder, _, err := folders.open(parent)
		var entry *agentv1.Entry
		if err == nil {
			entry, err = describe(string(path), folder, cmp.Or(name, "."))
		}
		if isGone(err) {
			entry, err = &agentv1.Entry{Path: path}, nil
		}
		if err != nil {
			return nil, explain(string(path), err)
		}
		entries = append(entries, entry)
	}
	return connect.NewResponse(&agentv1.StatResponse{Entries: entries}), nil
}

func checkPaths(paths [][]byte) error {
	if len(paths) > maxPaths {
		return connect.NewError(connect.CodeInvalidArgument, fmt.Errorf("%d paths, more than %d", len(paths), maxPaths))
	}
	for _, path := range paths {
		if err := checkPath(string(path)); err != nil {
			return connect.NewError(connect.CodeInvalidArgument, err)
		}
	}
	return nil
}
