// Apply: changes of files, all or nothing. Here the host's stream is read and
// contents are staged; commit.go lets the changes take place.

package files

import (
	"context"
	"errors"

	"connectrpc.com/connect"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

// maxChanges bounds what one Apply keeps in memory.
const maxChanges = 1_000_000

// change is one step, and the place of its content in the stage.
type change struct {
	step *agentv1.ApplyStep
	// slot is only set for a file that is written.
	slot string
}

// batch is one Apply.
type batch struct {
	service *Service
	root    *root
	stage   *stage
	changes []change
	// writing is the file begun last, until the next step that is no data.
	writing  *stagedFile
	complete bool
}

// Apply stages what the host sends and, at its commit, changes the files.
func (s *Service) Apply(_ context.Context, stream *connect.ClientStream[agentv1.ApplyRequest]) (*connect.Response[agentv1.ApplyResponse], error) {
	b := &batch{service: s}
	response, err := b.run(stream)
	b.end(err == nil)
	if err != nil {
		return nil, err
	}
	return connect.NewResponse(response), nil
}

// end lets go of all that the batch has.
func (b *batch) end(succeeded bool) {
	if b.writing != nil {
		b.writing.fd.close()
	}
	if b.stage != nil {
		b.stage.remove()
	}
	if b.root != nil {
		if !succeeded {
			b.root.unmake()
		}
		b.root.close()
	}
}

func (b *batch) run(stream *connect.ClientStream[agentv1.ApplyRequest]) (*agentv1.ApplyResponse, error) {
	for stream.Receive() {
		for _, step := range stream.Msg().GetSteps() {
			if err := b.take(step); err != nil {
				return nil, err
			}
		}
	}
	if err := stream.Err(); err != nil {
		return nil, err
	}
	if !b.complete {
		return nil, invalid("the changes end without a commit")
	}
	return b.commit()
}

// take stages one step.
func (b *batch) take(step *agentv1.ApplyStep) error {
	if data := step.GetData(); data != nil {
		if b.writing == nil {
			return invalid("data without a file")
		}
		return explain(b.writing.path, b.writing.write(data))
	}
	if err := b.finishFile(); err != nil {
		return err
	}
	switch {
	case b.complete:
		return invalid("a step after the commit")
	case step.GetStart() != nil:
		return b.start(step.GetStart())
	case b.root == nil:
		return invalid("the first step must be start")
	case step.GetCommit() != nil:
		b.complete = true
		return nil
	case len(b.changes) >= maxChanges:
		return invalid("too many changes")
	}
	if err := checkStep(step); err != nil {
		return connect.NewError(connect.CodeInvalidArgument, err)
	}
	change := change{step: step}
	if file := step.GetWriteFile(); file != nil {
		staged, err := b.stage.begin(file)
		if err != nil {
			return explain(string(file.GetPath()), err)
		}
		b.writing, change.slot = staged, staged.slot
	}
	b.changes = append(b.changes, change)
	return nil
}

func (b *batch) start(start *agentv1.ApplyStart) (err error) {
	if b.root != nil {
		return invalid("a second start")
	}
	if b.root, err = b.service.makeRoot(start.GetRoot()); err != nil {
		return err
	}
	b.stage, err = newStage(b.root)
	return explain("", err)
}

func (b *batch) finishFile() error {
	if b.writing == nil {
		return nil
	}
	file := b.writing
	b.writing = nil
	defer file.fd.close()
	return explain(file.path, file.finish())
}

func invalid(text string) error {
	return connect.NewError(connect.CodeInvalidArgument, errors.New(text))
}
