// Fetch: entries with their contents.

package files

import (
	"cmp"
	"context"

	"connectrpc.com/connect"
	"golang.org/x/sys/unix"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

// fetch is one call.
type fetch struct {
	ctx     context.Context
	request *agentv1.FetchRequest
	folders *folderCache
	send    *itemSender
}

// Fetch sends entries and the contents of files.
func (s *Service) Fetch(ctx context.Context, request *connect.Request[agentv1.FetchRequest], stream *connect.ServerStream[agentv1.FetchResponse]) error {
	if err := checkPaths(request.Msg.GetPaths()); err != nil {
		return err
	}
	root, err := s.openRoot(request.Msg.GetRoot())
	if err != nil {
		return err
	}
	defer root.close()
	f := &fetch{ctx: ctx, request: request.Msg, folders: newFolderCache(root), send: newItemSender(stream)}
	defer f.folders.close()
	for _, path := range request.Msg.GetPaths() {
		if err := f.one(string(path)); err != nil {
			return explain(string(path), err)
		}
	}
	return f.send.flush()
}

// one sends what is at path, and what is below it.
func (f *fetch) one(path string) error {
	if err := f.ctx.Err(); err != nil {
		return err
	}
	parent, name := split(path)
	name = cmp.Or(name, ".")
	folder, _, err := f.folders.open(parent)
	if isGone(err) {
		return f.send.entry(&agentv1.Entry{Path: []byte(path)})
	}
	if err != nil {
		return err
	}
	entry, err := describe(path, folder, name)
	if isGone(err) {
		return f.send.entry(&agentv1.Entry{Path: []byte(path)})
	}
	if err != nil {
		return err
	}
	if err := f.entry(folder, name, entry); err != nil {
		return err
	}
	if !f.request.GetRecursive() || entry.GetMode()&unix.S_IFMT != unix.S_IFDIR {
		return nil
	}
	return f.below(path, folder, name)
}

// below sends what is below the directory name in folder.
func (f *fetch) below(path string, folder descriptor, name string) error {
	top, err := openat(folder, name, unix.O_PATH|unix.O_DIRECTORY|unix.O_NOFOLLOW, 0)
	if isGone(err) {
		return nil
	}
	if err != nil {
		return err
	}
	defer top.close()
	fetched := &tree{
		ctx:       f.ctx,
		top:       top,
		path:      path,
		recursive: true,
		report:    func(below string, entry *agentv1.Entry) error { return f.entry(top, below, entry) },
	}
	if err := fetched.walk(); err != nil {
		return err
	}
	if fetched.incomplete {
		return refuse(connect.CodeFailedPrecondition, path, "%s cannot be read as a whole", printable(path))
	}
	return nil
}

// entry sends one entry, which is at below in folder.
func (f *fetch) entry(folder descriptor, below string, entry *agentv1.Entry) error {
	if err := f.send.entry(entry); err != nil {
		return err
	}
	if entry.GetMode()&unix.S_IFMT != unix.S_IFREG {
		return nil
	}
	end, err := f.content(folder, below, entry)
	if err != nil {
		return err
	}
	return f.send.end(end)
}
