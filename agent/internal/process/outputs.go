// Both outputs of a command together.

package process

import (
	"context"
	"sync"
)

type outputs struct {
	each    [2]*output
	running sync.WaitGroup
}

// copyOutput begins to send both outputs. cancel is told of a send that failed.
func (c *command) copyOutput(to *sender, cancel context.CancelCauseFunc) *outputs {
	both := &outputs{each: [2]*output{
		{file: c.streams.stdout, redaction: c.redaction.Stream(), send: to.stdout, open: true},
		{file: c.streams.stderr, redaction: c.redaction.Stream(), send: to.stderr, open: true},
	}}
	for _, o := range both.each {
		both.running.Go(func() {
			if err := o.run(); err != nil {
				cancel(err)
			}
		})
	}
	return both
}

func (b *outputs) commandEnded() {
	for _, o := range b.each {
		o.commandEnded()
	}
}

// wait returns when all output up to the command's end has been sent.
func (b *outputs) wait() { b.running.Wait() }

func (b *outputs) abandon() {
	for _, o := range b.each {
		o.abandon()
	}
}
