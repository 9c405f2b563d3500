// Ways to damage a file.

package pull

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func flip(t *testing.T, path string) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	content[len(content)/2] ^= 0xff
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func replaceByDirectory(t *testing.T, path string) {
	t.Helper()
	remove(t, path)
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
}

func replaceByPipe(t *testing.T, path string) {
	t.Helper()
	remove(t, path)
	if err := unix.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
}
