// The directory that was used last.

package files

import "golang.org/x/sys/unix"

// folderCache keeps the directory open that was asked for last: paths come
// sorted, mostly. What is open belongs to it, and is good until the next one.
type folderCache struct {
	root *root
	path string
	fd   descriptor
}

func newFolderCache(r *root) *folderCache { return &folderCache{root: r, fd: closed} }

// open opens the directory path, and tells whether it was not open already.
func (c *folderCache) open(path string) (fd descriptor, isNew bool, err error) {
	if c.fd != closed && c.path == path {
		return c.fd, false, nil
	}
	fd, err = c.root.open(path, unix.O_DIRECTORY)
	if err != nil {
		return closed, false, err
	}
	c.close()
	c.path, c.fd = path, fd
	return fd, true, nil
}

func (c *folderCache) close() {
	if c.fd != closed {
		c.fd.close()
	}
	c.fd = closed
}
