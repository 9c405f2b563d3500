// Images that go out and come back.

package command

import (
	"os"
	"path/filepath"
	"testing"

	"pyro-mcp/helper/internal/images/imagetest"
)

func TestATreeThatWasPushedComesBack(t *testing.T) {
	server := imagetest.NewRegistry(t)
	root := t.TempDir()
	must(t, os.MkdirAll(filepath.Join(root, "etc"), 0o755))
	must(t, os.WriteFile(filepath.Join(root, "etc/name"), []byte("content"), 0o640))
	request := map[string]any{
		"base": map[string]any{"rootfs_dir": root}, "blobs_dir": t.TempDir(), "reference": server.Host + "/team/made:1",
		"created": "2026-01-01T00:00:00Z", "labels": map[string]string{"a": "b"}, "config": map[string]any{"cmd": []string{"sh"}, "working_dir": "/srv"},
	}
	pushed, code := start(t, "push", request).end()
	if code != 0 {
		t.Fatalf("exit %d: %v", code, pushed)
	}
	asked := pullRequest(t, server.Host+"/team/made:1")
	pulled, code := start(t, "pull", asked).end()
	if code != 0 || pulled["digest"] != pushed["digest"] {
		t.Errorf("exit %d: %v, pushed %v", code, pulled, pushed)
	}
	content, err := os.ReadFile(filepath.Join(asked["rootfs_dir"].(string), "etc/name"))
	if err != nil || string(content) != "content" {
		t.Errorf("%q %v", content, err)
	}
	again, code := start(t, "push", request).end()
	if code != 0 || again["digest"] != pushed["digest"] {
		t.Errorf("exit %d: the same tree becomes %v", code, again)
	}

	// What was pulled is the base of the next.
	directory := filepath.Join(t.TempDir(), "layout")
	laidOut, code := start(t, "layout", map[string]any{
		"base": map[string]any{"digest": pulled["digest"]}, "blobs_dir": asked["blobs_dir"], "output_dir": directory,
	}).end()
	if code != 0 {
		t.Fatalf("exit %d: %v", code, laidOut)
	}
	if _, err := os.Stat(filepath.Join(directory, "oci-layout")); err != nil {
		t.Error(err)
	}
}

func TestAPushThatIsDeniedSaysSo(t *testing.T) {
	server := imagetest.NewRegistry(t)
	server.Break(imagetest.Basic("user", "password"))
	last, code := start(t, "push", map[string]any{
		"base": map[string]any{"rootfs_dir": t.TempDir()}, "blobs_dir": t.TempDir(), "reference": server.Host + "/app",
	}).end()
	if code != 1 || last["code"] != "registry_denied" {
		t.Errorf("exit %d: %v", code, last)
	}
}
