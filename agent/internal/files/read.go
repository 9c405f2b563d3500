// Read: a piece of one file.

package files

import (
	"context"
	"errors"
	"math"

	"connectrpc.com/connect"
	"golang.org/x/sys/unix"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

// maxReadBytes bounds the piece that one Read returns.
const maxReadBytes = 1 << 20

// Read returns a piece of a regular file; links are followed.
func (s *Service) Read(_ context.Context, request *connect.Request[agentv1.ReadRequest]) (*connect.Response[agentv1.ReadResponse], error) {
	path, offset, size := string(request.Msg.GetPath()), request.Msg.GetOffset(), request.Msg.GetMaxBytes()
	if err := checkPath(path); err != nil {
		return nil, connect.NewError(connect.CodeInvalidArgument, err)
	}
	if size > maxReadBytes || offset > math.MaxInt64-maxReadBytes {
		return nil, connect.NewError(connect.CodeInvalidArgument, errors.New("the range is too large"))
	}
	root, err := s.openRoot(request.Msg.GetRoot())
	if err != nil {
		return nil, err
	}
	defer root.close()
	file, stat, err := root.openFile(path)
	if err != nil {
		return nil, explain(path, err)
	}
	defer file.close()
	left := uint64(max(stat.Size, 0)) - min(uint64(max(stat.Size, 0)), offset)
	content := make([]byte, min(uint64(size), left))
	n, err := file.readAt(content, int64(offset))
	if err != nil {
		return nil, explain(path, err)
	}
	return connect.NewResponse(&agentv1.ReadResponse{Entry: entryOf(path, &stat), Content: content[:n]}), nil
}

// openFile opens the regular file that path leads to for reading. What is no
// regular file is not opened: a device or a FIFO could do or wait for anything.
func (r *root) openFile(path string) (file descriptor, stat unix.Stat_t, err error) {
	held, err := r.open(path, 0)
	if err != nil {
		return closed, stat, err
	}
	defer held.close()
	if stat, err = held.stat(); err != nil {
		return closed, stat, err
	}
	if !isRegular(&stat) {
		return closed, stat, refuse(connect.CodeFailedPrecondition, path, "%s is not a regular file", printable(path))
	}
	file, err = r.service.reopen(held, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY)
	return file, stat, err
}

// readAt fills buffer from offset; it returns less only at the end of the file.
func (fd descriptor) readAt(buffer []byte, offset int64) (int, error) {
	done := 0
	for done < len(buffer) {
		var n int
		err := retry(func() (err error) {
			n, err = unix.Pread(int(fd), buffer[done:], offset+int64(done))
			return err
		})
		if err != nil {
			return done, err
		}
		if n == 0 {
			break
		}
		done += n
	}
	return done, nil
}
