// Bringing something from the stage to its place, in one step that nobody sees
// half done, and back again.

package files

import (
	"connectrpc.com/connect"
	"golang.org/x/sys/unix"
)

// place is where something is to be: a name in an open directory.
type place struct {
	folder string
	fd     descriptor
	name   string
	// old is what is there; nil when there is nothing.
	old *unix.Stat_t
}

func (p place) path() string { return join(p.folder, p.name) }

// locate finds the place of path, whose parents are made.
func (t *transaction) locate(path string) (p place, err error) {
	p.folder, p.name = split(path)
	if p.fd, err = t.enterOrMake(p.folder); err != nil {
		return p, err
	}
	old, err := p.fd.lookup(p.name)
	if err == unix.ENOENT {
		return p, nil
	}
	p.old = &old
	return p, err
}

// install puts what is in slot of the stage at its place, instead of a file or
// link that is there.
func (t *transaction) install(slot string, p place) error {
	if p.old != nil {
		return t.exchange(slot, p)
	}
	err := unix.Renameat2(int(t.stage.fd), slot, int(p.fd), p.name, unix.RENAME_NOREPLACE)
	if err == unix.EEXIST {
		return refuse(connect.CodeAborted, p.path(), "%s has come into being meanwhile", printable(p.path()))
	}
	if err != nil {
		return explain(p.path(), err)
	}
	t.result.CreatedCount++
	t.addUndo(p.folder, func(fd descriptor) error {
		return unix.Renameat2(int(fd), p.name, int(t.stage.fd), slot, unix.RENAME_NOREPLACE)
	})
	return nil
}

// exchange lets the stage keep what is replaced.
func (t *transaction) exchange(slot string, p place) error {
	if isDirectory(p.old) {
		return refuse(connect.CodeFailedPrecondition, p.path(), "%s is a directory", printable(p.path()))
	}
	swap := func(fd descriptor) error {
		return unix.Renameat2(int(t.stage.fd), slot, int(fd), p.name, unix.RENAME_EXCHANGE)
	}
	if err := swap(p.fd); err != nil {
		return explain(p.path(), err)
	}
	t.addUndo(p.folder, swap)
	// It may have become a directory meanwhile, and would be removed with the stage.
	replaced, err := t.stage.fd.lookup(slot)
	if err != nil {
		return err
	}
	if isDirectory(&replaced) {
		return refuse(connect.CodeFailedPrecondition, p.path(), "%s has become a directory", printable(p.path()))
	}
	t.result.ReplacedCount++
	t.forget(p.old)
	return nil
}
