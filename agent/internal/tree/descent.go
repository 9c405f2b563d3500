// Trees where there is no cgroup of one's own: a process belongs to a command
// by its session, by its ancestors or by a marker in its environment. A process
// that shed all three is only found by SignalAll.

package tree

import (
	"crypto/rand"
	"errors"
	"os"
	"syscall"
	"time"
)

// markerName is the environment variable that marks the processes of a command.
const markerName = "PYRO_EXEC_ID"

type descentForest struct{}

// NewDescentForest makes trees that are found by looking through /proc.
func NewDescentForest() Forest { return descentForest{} }

func (descentForest) New() (Tree, error) {
	return &descentTree{marker: markerName + "=" + rand.Text()}, nil
}

func (descentForest) Limit(maxTasks uint32) error {
	if maxTasks == 0 {
		return nil
	}
	return errors.New("the number of tasks is not limited: there is no cgroup v2")
}

func (descentForest) Sweep() {}

type descentTree struct {
	marker string
	leader int
}

func (t *descentTree) Attach(attr *syscall.ProcAttr) {
	attr.Env = append(attr.Env, t.marker)
}

func (t *descentTree) Rooted(pid int) { t.leader = pid }

func (t *descentTree) Signal(sig syscall.Signal) error {
	for _, pid := range t.members() {
		_ = syscall.Kill(pid, sig)
	}
	return nil
}

// Kill looks and kills until a look finds nothing: no event tells of the end of
// a process that may be anybody's child. The pause only lets the killed die.
func (t *descentTree) Kill() error {
	deadline := time.Now().Add(killDeadline)
	for pause := time.Millisecond; ; pause = min(2*pause, 20*time.Millisecond) {
		pids := t.members()
		if len(pids) == 0 {
			return nil
		}
		for _, pid := range pids {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		if time.Now().After(deadline) {
			return errors.New("processes survive SIGKILL")
		}
		time.Sleep(pause)
	}
}

func (t *descentTree) Empty() (bool, error) { return len(t.members()) == 0, nil }

func (t *descentTree) Release() {}

// members are the living processes of the tree.
func (t *descentTree) members() []int {
	processes := snapshot()
	found := map[int]bool{}
	for pid, p := range processes {
		if pid != os.Getpid() && (p.session == t.leader || hasEnv(pid, t.marker)) {
			found[pid] = true
		}
	}
	for pid := range found {
		for _, child := range descendants(processes, pid) {
			found[child] = true
		}
	}
	var pids []int
	for pid := range found {
		if !processes[pid].dead {
			pids = append(pids, pid)
		}
	}
	return pids
}
