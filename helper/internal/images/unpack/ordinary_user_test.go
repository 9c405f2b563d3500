// Unpacking without root's rights, in a process of its own.

package unpack

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// asUser makes a copy of the test's program run the one test below, as nobody.
const asUser = "PYRO_TEST_UNPACK_AS_USER"

func TestAnOrdinaryUserGetsATreeOfTheirOwn(t *testing.T) {
	if os.Geteuid() != 0 || os.Getenv(asUser) != "" {
		becomesATreeOfTheUser(t)
		return
	}
	// Temporary directories of tests are closed to others, as is the program.
	base, err := os.MkdirTemp("", "pyro-unpack-")
	must(t, err)
	t.Cleanup(func() { must(t, os.RemoveAll(base)) })
	const nobody = 65534
	must(t, os.Chown(base, nobody, nobody))
	program := filepath.Join(base, "test")
	content, err := os.ReadFile(os.Args[0])
	must(t, err)
	must(t, os.WriteFile(program, content, 0o755))
	command := exec.Command(program, "-test.run", "^"+t.Name()+"$", "-test.v")
	command.Dir = base
	command.Env = []string{asUser + "=1", "TMPDIR=" + base}
	command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	if output, err := command.CombinedOutput(); err != nil || !strings.Contains(string(output), "--- PASS") {
		t.Errorf("%v\n%s", err, output)
	}
}

func becomesATreeOfTheUser(t *testing.T) {
	closed := dir("closed", 0)
	program := file("closed/program", "x")
	program.Uid, program.Gid, program.Mode = 0, 42, 0o4755
	program.PAXRecords = map[string]string{"SCHILY.xattr.security.capability": "\x01\x00\x00\x02\x00\x20\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"}
	root, summary, err := unpacked(t, layer{closed, program, dir("readonly", 0o555)}, layer{file("closed/later", "y"), file("readonly/later", "y"), file("closed/.wh.program", "")})
	must(t, err)
	if got := listing(t, root); got != "closed/ closed/later=y readonly/ readonly/later=y" {
		t.Errorf("got %s", got)
	}
	notes := strings.Join(summary.Notes, "\n")
	for _, want := range []string{"belong to the user", "without permissions", "security.capability"} {
		if !strings.Contains(notes, want) {
			t.Errorf("%q is not in %s", want, notes)
		}
	}
	info, err := os.Stat(filepath.Join(root, "readonly"))
	must(t, err)
	if info.Mode().Perm() != 0o755 {
		t.Errorf("mode %v: its owner could not remove what is in it", info.Mode())
	}
}
