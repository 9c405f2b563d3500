// The reaper over real children. Nothing else in this test binary may have any.

package reaper

import (
	"context"
	"errors"
	"syscall"
	"testing"
	"time"
)

func fork(argv ...string) func() (int, error) {
	return func() (int, error) { return syscall.ForkExec(argv[0], argv, &syscall.ProcAttr{}) }
}

func TestReaper(t *testing.T) {
	orphans := make(chan struct{}, 100)
	r := Start(func() { orphans <- struct{}{} })

	t.Run("every exit reaches its child", func(t *testing.T) {
		for range 50 {
			child, err := r.Spawn(fork("/bin/sh", "-c", "exit 3"))
			if err != nil {
				t.Fatal(err)
			}
			if exit := <-child.Done(); exit.Code() != 3 {
				t.Errorf("code %d", exit.Code())
			}
			if r.SignalGroup(child, syscall.SIGTERM) {
				t.Error("signalled after its end")
			}
		}
	})

	t.Run("a signal's exit code is that of a shell", func(t *testing.T) {
		child, err := r.Spawn(fork("/bin/sh", "-c", "kill -TERM $$"))
		if err != nil {
			t.Fatal(err)
		}
		if exit := <-child.Done(); exit.Code() != 128+uint32(syscall.SIGTERM) {
			t.Errorf("code %d", exit.Code())
		}
	})

	t.Run("a failed fork leaves nothing", func(t *testing.T) {
		if _, err := r.Spawn(fork("/no/such/program")); !errors.Is(err, syscall.ENOENT) {
			t.Error(err)
		}
	})

	t.Run("other children are reaped and told of", func(t *testing.T) {
		if _, err := fork("/bin/true")(); err != nil {
			t.Fatal(err)
		}
		select {
		case <-orphans:
		case <-time.After(5 * time.Second):
			t.Error("not told")
		}
	})

	t.Run("WaitNone waits for the last child", func(t *testing.T) {
		if _, err := r.Spawn(fork("/bin/sleep", "0.1")); err != nil {
			t.Fatal(err)
		}
		short, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		if err := r.WaitNone(short); err == nil {
			t.Error("returned while a child lives")
		}
		if err := r.WaitNone(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
