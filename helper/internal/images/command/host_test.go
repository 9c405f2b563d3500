// What a pull needs of the host, and what it does without.

package command

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"pyro-mcp/helper/internal/images/imagetest"
)

func TestADiskThatFillsUpIsSaidToBeFull(t *testing.T) {
	server := imagetest.NewRegistry(t)
	asked := pullRequest(t, server.Push(t, "app", imagetest.BigImage(t, 2_000_000)))
	for name, directory := range map[string]string{"the store": asked["blobs_dir"].(string), "the tree": asked["rootfs_dir"].(string)} {
		must(t, os.MkdirAll(directory, 0o755))
		script := `mount -t tmpfs -o size=1m tmpfs "$1" && exec "$2"`
		if err := exec.Command("unshare", "--user", "--map-root-user", "--mount", "true").Run(); err != nil {
			t.Skip("this host does not let its users have a mount namespace")
		}
		running := startCommand(t, exec.Command("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", directory, os.Args[0]), "pull", asked)
		if last, code := running.end(); code != 1 || last["code"] != "out_of_disk" {
			t.Errorf("%s: exit %d: %v", name, code, last)
		}
	}
}

func TestACertificateOfNobodysNeedsItsAuthority(t *testing.T) {
	plain := imagetest.NewRegistry(t)
	plain.Push(t, "app", imagetest.Image(t, v1.Config{}, imagetest.Layer(t, imagetest.File("a", "1"))))
	server := httptest.NewTLSServer(plain)
	t.Cleanup(server.Close)
	reference := strings.TrimPrefix(server.URL, "https://") + "/app"
	// Loopback is tried in plain HTTP too, which such a server refuses.
	last, code := start(t, "pull", pullRequest(t, reference)).end()
	if code != 1 || last["event"] != "error" {
		t.Errorf("without the authority: exit %d: %v", code, last)
	}
	asked := pullRequest(t, reference)
	caFile := filepath.Join(t.TempDir(), "ca.pem")
	must(t, os.WriteFile(caFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600))
	asked["ca_file"] = caFile
	if last, code := start(t, "pull", asked).end(); code != 0 {
		t.Errorf("with the authority: exit %d: %v", code, last)
	}
}

func TestCredentialHelpersAreAsked(t *testing.T) {
	server := imagetest.NewRegistry(t)
	asked := pullRequest(t, server.Push(t, "app", imagetest.Image(t, v1.Config{}, imagetest.Layer(t, imagetest.File("a", "1")))))
	server.Break(imagetest.Basic("user", "from-the-helper"))
	directory := t.TempDir()
	must(t, os.WriteFile(filepath.Join(directory, "config.json"), []byte(`{"credHelpers":{"`+server.Host+`":"pyrotest"}}`), 0o600))
	must(t, os.WriteFile(filepath.Join(directory, "docker-credential-pyrotest"), []byte("#!/bin/sh\necho '{\"ServerURL\":\"\",\"Username\":\"user\",\"Secret\":\"from-the-helper\"}'\n"), 0o755))
	asked["docker_config_dir"] = directory
	if last, code := start(t, "pull", asked, "PATH="+directory+":"+os.Getenv("PATH")).end(); code != 0 {
		t.Errorf("exit %d: %v", code, last)
	}
}

func TestARedirectGetsNoCredentials(t *testing.T) {
	store := imagetest.NewRegistry(t)
	image := imagetest.Image(t, v1.Config{}, imagetest.Layer(t, imagetest.File("a", "1")))
	store.Push(t, "app", image)
	told := make(chan string, 100)
	store.Break(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		told <- r.Header.Get("Authorization")
		next.ServeHTTP(w, r)
	})
	server := imagetest.NewRegistry(t)
	asked := pullRequest(t, server.Push(t, "app", image))
	guard := imagetest.Basic("user", "password-of-user")
	server.Break(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		guard(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if imagetest.IsBlob(r) {
				// The name is the same host's for the library, but not the registry's.
				http.Redirect(w, r, "http://localhost:"+strings.Split(store.Host, ":")[1]+r.URL.Path, http.StatusTemporaryRedirect)
				return
			}
			next.ServeHTTP(w, r)
		}), w, r)
	})
	directory := t.TempDir()
	must(t, os.WriteFile(filepath.Join(directory, "config.json"), []byte(`{"auths":{"`+server.Host+`":{"username":"user","password":"password-of-user"}}}`), 0o600))
	asked["docker_config_dir"] = directory
	if last, code := start(t, "pull", asked).end(); code != 0 {
		t.Errorf("exit %d: %v", code, last)
	}
	close(told)
	redirected := 0
	for each := range told {
		redirected++
		if each != "" {
			t.Errorf("the other host is told %q", each)
		}
	}
	if redirected == 0 {
		t.Error("nothing was redirected")
	}
}
