package etc

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestALinkIsReplacedAndNotFollowed(t *testing.T) {
	directory := t.TempDir()
	target, file := filepath.Join(directory, "target"), filepath.Join(directory, "file")
	must(t, os.WriteFile(target, []byte("theirs"), 0o600))
	must(t, os.Symlink("target", file))
	must(t, Replace(file, "ours", 0o644))
	content, err := os.ReadFile(file)
	must(t, err)
	theirs, err := os.ReadFile(target)
	must(t, err)
	if string(content) != "ours" || string(theirs) != "theirs" {
		t.Errorf("%q, %q", content, theirs)
	}
}

func TestTheDirectoryKeepsItsTime(t *testing.T) {
	directory := t.TempDir()
	moment := time.Unix(1_700_000_000, 123_456_789)
	must(t, os.Chtimes(directory, moment, moment))
	must(t, Replace(filepath.Join(directory, "file"), "ours", 0o644))
	info, err := os.Stat(directory)
	must(t, err)
	if !info.ModTime().Equal(moment) {
		t.Error(info.ModTime())
	}
}

func TestADirectoryThatIsGoneIsSaid(t *testing.T) {
	if err := Replace(filepath.Join(t.TempDir(), "gone/file"), "", 0o644); !os.IsNotExist(err) {
		t.Error(err)
	}
}
