// The commit of an Apply: its changes take place one after the other, each with
// the way back. One that fails takes back all before it.

package files

import (
	"errors"
	"fmt"

	"connectrpc.com/connect"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

func (b *batch) commit() (*agentv1.ApplyResponse, error) {
	b.service.committing.Lock()
	defer b.service.committing.Unlock()
	t := &transaction{root: b.root, stage: b.stage, known: map[string]bool{}, folders: newFolderCache(b.root), result: &agentv1.ApplyResponse{}}
	defer t.folders.close()
	for _, change := range b.changes {
		path, err := t.perform(change)
		if err == nil {
			continue
		}
		err = explain(path, err)
		if undo := t.takeBack(); undo != nil {
			return nil, refuse(connect.CodeInternal, path, "%w; what was changed before it could not be taken back: %w", err, undo)
		}
		return nil, err
	}
	return t.result, nil
}

// perform makes one change, and returns the path that it is about.
func (t *transaction) perform(change change) (string, error) {
	switch step := change.step.GetStep().(type) {
	case *agentv1.ApplyStep_WriteFile:
		return string(step.WriteFile.GetPath()), t.writeFile(step.WriteFile, change.slot)
	case *agentv1.ApplyStep_MakeDirectory:
		return string(step.MakeDirectory.GetPath()), t.makeDirectory(step.MakeDirectory)
	case *agentv1.ApplyStep_MakeSymlink:
		return string(step.MakeSymlink.GetPath()), t.makeSymlink(step.MakeSymlink)
	case *agentv1.ApplyStep_MakeHardLink:
		return string(step.MakeHardLink.GetPath()), t.makeHardLink(step.MakeHardLink)
	case *agentv1.ApplyStep_Remove:
		return string(step.Remove.GetPath()), t.remove(step.Remove)
	case *agentv1.ApplyStep_SetMode:
		return string(step.SetMode.GetPath()), t.setMode(step.SetMode)
	}
	return "", errors.New("an unknown step")
}

// takeBack undoes the changes made so far, the last one first.
func (t *transaction) takeBack() (failed error) {
	for last := len(t.undo) - 1; last >= 0; last-- {
		if err := t.undo[last](); err != nil && failed == nil {
			failed = fmt.Errorf("step %d: %w", last, err)
		}
	}
	return failed
}
