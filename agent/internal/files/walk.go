// Walk: what is in a directory, or in a whole tree.

package files

import (
	"context"
	"errors"

	"connectrpc.com/connect"
	"golang.org/x/sys/unix"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

// errEnough ends a walk that has reached its limit.
var errEnough = errors.New("enough entries")

// Walk lists a directory, or all that is below it.
func (s *Service) Walk(ctx context.Context, request *connect.Request[agentv1.WalkRequest], stream *connect.ServerStream[agentv1.WalkResponse]) error {
	path := string(request.Msg.GetPath())
	if err := checkPath(path); err != nil {
		return connect.NewError(connect.CodeInvalidArgument, err)
	}
	root, err := s.openRoot(request.Msg.GetRoot())
	if err != nil {
		return err
	}
	defer root.close()
	top, err := root.openListed(path)
	if err != nil {
		return explain(path, err)
	}
	defer top.close()
	sender := &entrySender{stream: stream, limit: request.Msg.GetMaxEntries()}
	walked := &tree{
		ctx:       ctx,
		top:       top,
		path:      path,
		recursive: request.Msg.GetRecursive(),
		skipGit:   request.Msg.GetSkipGit(),
		root:      root,
		report:    func(_ string, entry *agentv1.Entry) error { return sender.add(entry) },
	}
	if request.Msg.GetHonorGitignore() {
		walked.ignoring = newIgnoring(root, path)
	}
	err = walked.walk()
	truncated := walked.incomplete || err == errEnough
	if err != nil && err != errEnough {
		return explain(path, err)
	}
	last := &agentv1.WalkResponse{Truncated: truncated, BootedAtNs: s.bootedAtNs}
	if walked.ignoring != nil {
		last.Ignored = walked.ignoring.found.sorted()
	}
	return sender.flush(last)
}

// openListed opens a directory whose last name is no link.
func (r *root) openListed(path string) (descriptor, error) {
	folder, name, err := r.openFolder(path)
	if err != nil || name == "" {
		return folder, err
	}
	defer folder.close()
	stat, err := folder.lookup(name)
	if err != nil {
		return closed, err
	}
	if !isDirectory(&stat) {
		return closed, refuse(connect.CodeFailedPrecondition, path, "%s is not a directory", printable(path))
	}
	return openat(folder, name, unix.O_PATH|unix.O_DIRECTORY|unix.O_NOFOLLOW, 0)
}
