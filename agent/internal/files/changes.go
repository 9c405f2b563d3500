// The kinds of change but the writing of files.

package files

import (
	"connectrpc.com/connect"
	"golang.org/x/sys/unix"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

func (t *transaction) makeDirectory(request *agentv1.MakeDirectory) error {
	path := string(request.GetPath())
	existing, err := t.root.open(path, unix.O_DIRECTORY)
	if err == nil {
		defer existing.close()
		t.result.ReplacedCount++
		if request.GetMode() == 0 {
			return nil
		}
		return t.changeMode(path, existing, request.GetMode())
	}
	if err == unix.ENOTDIR {
		return refuse(connect.CodeFailedPrecondition, path, "%s is not a directory", printable(path))
	}
	if err != unix.ENOENT {
		return err
	}
	folder, name := split(path)
	fd, err := t.enterOrMake(folder)
	if err != nil {
		return err
	}
	if err := t.makeEmpty(folder, fd, name, newDirectoryMode); err != nil {
		return err
	}
	t.result.CreatedCount++
	if request.GetMode() == 0 || request.GetMode() == newDirectoryMode {
		return nil
	}
	made, err := t.root.open(path, unix.O_DIRECTORY|unix.O_NOFOLLOW)
	if err != nil {
		return err
	}
	defer made.close()
	return t.root.service.setMode(made, request.GetMode())
}

func (t *transaction) makeSymlink(request *agentv1.MakeSymlink) error {
	slot := t.stage.slot()
	if err := unix.Symlinkat(string(request.GetTarget()), int(t.stage.fd), slot); err != nil {
		return err
	}
	return t.installAt(slot, string(request.GetPath()))
}

func (t *transaction) makeHardLink(request *agentv1.MakeHardLink) error {
	existing := string(request.GetExistingPath())
	outer, name, err := t.root.openFolder(existing)
	if err != nil {
		return explain(existing, err)
	}
	defer outer.close()
	stat, err := outer.lookup(name)
	if err != nil {
		return explain(existing, err)
	}
	if isDirectory(&stat) {
		return refuse(connect.CodeFailedPrecondition, existing, "%s is a directory", printable(existing))
	}
	slot := t.stage.slot()
	if err := unix.Linkat(int(outer), name, int(t.stage.fd), slot, 0); err != nil {
		return explain(existing, err)
	}
	return t.installAt(slot, string(request.GetPath()))
}

// installAt puts what is in slot at path, whose parents are made.
func (t *transaction) installAt(slot, path string) error {
	there, err := t.locate(path)
	if err != nil {
		return err
	}
	return t.install(slot, there)
}

func (t *transaction) remove(request *agentv1.Remove) error {
	path := string(request.GetPath())
	folder, name := split(path)
	fd, err := t.enter(folder)
	if request.GetOnlyEmptyDirectory() {
		if isGone(err) {
			return nil
		}
		if err != nil {
			return err
		}
		return t.removeEmpty(place{folder: folder, fd: fd, name: name})
	}
	if err != nil {
		return err
	}
	there := place{folder: folder, fd: fd, name: name}
	if old, err := fd.lookup(name); err == nil {
		there.old = &old
	}
	if err := expectContent(there, request.GetExpectedSha256()); err != nil {
		return err
	}
	return t.takeAway(there)
}

// takeAway brings something into the stage, which is removed in the end.
func (t *transaction) takeAway(there place) error {
	slot := t.stage.slot()
	if err := unix.Renameat2(int(there.fd), there.name, int(t.stage.fd), slot, unix.RENAME_NOREPLACE); err != nil {
		return err
	}
	t.addUndo(there.folder, func(fd descriptor) error {
		return unix.Renameat2(int(t.stage.fd), slot, int(fd), there.name, unix.RENAME_NOREPLACE)
	})
	t.result.RemovedCount++
	t.forget(there.old)
	return nil
}

// removeEmpty removes a directory if it is empty.
func (t *transaction) removeEmpty(there place) error {
	held, err := openBelow(there.fd, there.name, unix.O_DIRECTORY)
	if err == unix.ENOENT {
		return nil
	}
	if err == unix.ENOTDIR {
		return refuse(connect.CodeFailedPrecondition, there.path(), "%s is not a directory", printable(there.path()))
	}
	if err != nil {
		return err
	}
	defer held.close()
	if isEmpty, err := held.isEmpty(); err != nil || !isEmpty {
		return err
	}
	if err := t.takeAway(there); err != nil {
		return err
	}
	// Something may have been put into it before it was out of reach.
	if isEmpty, err := held.isEmpty(); err != nil || isEmpty {
		return err
	}
	return refuse(connect.CodeAborted, there.path(), "%s has been filled meanwhile", printable(there.path()))
}

func (t *transaction) setMode(request *agentv1.SetMode) error {
	path := string(request.GetPath())
	fd, err := t.root.open(path, 0)
	if err != nil {
		return err
	}
	defer fd.close()
	t.result.ReplacedCount++
	return t.changeMode(path, fd, request.GetMode())
}

// changeMode sets the mode of what path leads to, open as fd, and notes the old one.
func (t *transaction) changeMode(path string, fd descriptor, mode uint32) error {
	stat, err := fd.stat()
	if err != nil {
		return err
	}
	if err := t.root.service.setMode(fd, mode); err != nil {
		return err
	}
	t.undo = append(t.undo, func() error {
		fd, err := t.root.open(path, 0)
		if err != nil {
			return err
		}
		defer fd.close()
		return t.root.service.setMode(fd, stat.Mode&maxMode)
	})
	return nil
}
