// What the program does for its caller.

package command

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"pyro-mcp/helper/internal/images/imagetest"
)

func TestAPullEndsWithItsResult(t *testing.T) {
	server := imagetest.NewRegistry(t)
	image := imagetest.Image(t, v1.Config{Env: []string{"A=B"}, Cmd: []string{"sh"}}, imagetest.Layer(t, imagetest.File("a", "1")))
	asked := pullRequest(t, server.Push(t, "app:1", image))
	last, code := start(t, "pull", asked).end()
	digest, err := image.Digest()
	must(t, err)
	if code != 0 || last["event"] != "result" || last["digest"] != digest.String() || last["entry_count"] != 3.0 {
		t.Errorf("exit %d: %v", code, last)
	}
	if config, err := json.Marshal(last["config"]); err != nil || !strings.Contains(string(config), `"cmd":["sh"]`) || !strings.Contains(string(config), `"entrypoint":[]`) {
		t.Errorf("%s (%v)", config, err)
	}
	resolved, code := start(t, "resolve", map[string]any{"reference": asked["reference"]}).end()
	if code != 0 || resolved["digest"] != digest.String() {
		t.Errorf("exit %d: %v", code, resolved)
	}
}

func TestARequestThatIsNoneIsRefused(t *testing.T) {
	for name, request := range map[string]map[string]any{
		"an unknown field": {"reference": "a", "surprise": 1}, "relative paths": {"reference": "a", "rootfs_dir": "a", "blobs_dir": "b"}, "no reference": {"rootfs_dir": t.TempDir(), "blobs_dir": t.TempDir()},
	} {
		if last, code := start(t, "pull", request).end(); code != 1 || last["code"] != "invalid_input" {
			t.Errorf("%s: exit %d: %v", name, code, last)
		}
	}
	full := pullRequest(t, "127.0.0.1:1/a")
	full["rootfs_dir"] = filepath.Dir(os.Args[0])
	if last, code := start(t, "pull", full).end(); code != 1 || last["code"] != "invalid_input" {
		t.Errorf("a directory with something in it: exit %d: %v", code, last)
	}
}

// slowly lets a pull come to its download, and no further.
func slowly(t *testing.T) (*imagetest.Registry, map[string]any) {
	t.Helper()
	server := imagetest.NewRegistry(t)
	asked := pullRequest(t, server.Push(t, "app", imagetest.BigImage(t, 3_000_000)))
	server.Break(imagetest.Slow(imagetest.IsBlob, 10_000, 20*time.Millisecond))
	return server, asked
}

func TestACallerThatGoesAwayEndsThePull(t *testing.T) {
	for name, goAway := range map[string]func(*program){
		"stdin closes": func(p *program) { must(t, p.stdin.Close()) },
		"SIGTERM":      func(p *program) { must(t, p.command.Process.Signal(syscall.SIGTERM)) },
	} {
		_, asked := slowly(t)
		running := start(t, "pull", asked)
		running.until("download")
		goAway(running)
		if last, code := running.end(); code != 1 || last["code"] != "cancelled" {
			t.Errorf("%s: exit %d: %v", name, code, last)
		}
	}
}

func TestAKilledPullGoesOnWhereItWas(t *testing.T) {
	server, asked := slowly(t)
	running := start(t, "pull", asked)
	running.until("download")
	must(t, running.command.Process.Kill())
	_ = running.command.Wait()
	partials, err := filepath.Glob(filepath.Join(asked["blobs_dir"].(string), "sha256", "*.partial"))
	if err != nil || len(partials) == 0 {
		t.Fatalf("nothing is left of it: %v %v", partials, err)
	}
	ranges := make(chan string, 100)
	server.Break(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		ranges <- r.Header.Get("Range")
		next.ServeHTTP(w, r)
	})
	must(t, os.RemoveAll(asked["rootfs_dir"].(string)))
	must(t, os.Mkdir(asked["rootfs_dir"].(string), 0o755))
	if last, code := start(t, "pull", asked).end(); code != 0 {
		t.Fatalf("exit %d: %v", code, last)
	}
	close(ranges)
	resumed := 0
	for each := range ranges {
		if each != "" {
			resumed++
		}
	}
	if resumed == 0 {
		t.Error("everything came again")
	}
}

func TestTwoPullsAtOnceDownloadOnce(t *testing.T) {
	server := imagetest.NewRegistry(t)
	image := imagetest.BigImage(t, 2_000_000)
	first := pullRequest(t, server.Push(t, "app", image))
	second := pullRequest(t, first["reference"].(string))
	second["blobs_dir"] = first["blobs_dir"]
	server.Break(imagetest.Slow(imagetest.IsBlob, 50_000, time.Millisecond))
	pulls := []*program{start(t, "pull", first), start(t, "pull", second)}
	for _, each := range pulls {
		if last, code := each.end(); code != 0 {
			t.Errorf("exit %d: %v", code, last)
		}
	}
	layers, err := image.Layers()
	must(t, err)
	// Each layer, and the configuration.
	if count := server.Count("GET /v2/app/blobs/"); count != len(layers)+1 {
		t.Errorf("%d downloads of %d blobs", count, len(layers)+1)
	}
}

func TestADamagedBlobComesAgain(t *testing.T) {
	server := imagetest.NewRegistry(t)
	asked := pullRequest(t, server.Push(t, "app", imagetest.Image(t, v1.Config{}, imagetest.Layer(t, imagetest.File("a", "1")))))
	if last, code := start(t, "pull", asked).end(); code != 0 {
		t.Fatalf("exit %d: %v", code, last)
	}
	blobs, err := filepath.Glob(filepath.Join(asked["blobs_dir"].(string), "sha256", "*"))
	must(t, err)
	for _, each := range blobs {
		content, err := os.ReadFile(each)
		must(t, err)
		content[len(content)/2] ^= 1
		must(t, os.WriteFile(each, content, 0o600))
	}
	again := pullRequest(t, asked["reference"].(string))
	again["blobs_dir"] = asked["blobs_dir"]
	if last, code := start(t, "pull", again).end(); code != 0 {
		t.Fatalf("exit %d: %v", code, last)
	}
}

func TestCredentialsAreUsedAndNeverTold(t *testing.T) {
	const password = "p4ss/w=rd-secret"
	const token = "t0ken.abcdef"
	configDir := t.TempDir()
	server := imagetest.NewRegistry(t)
	asked := pullRequest(t, server.Push(t, "app", imagetest.Image(t, v1.Config{}, imagetest.Layer(t, imagetest.File("a", "1")))))
	auth := base64.StdEncoding.EncodeToString([]byte("user:" + password))
	must(t, os.WriteFile(filepath.Join(configDir, "config.json"), []byte(`{"auths":{"`+server.Host+`":{"auth":"`+auth+`"}}}`), 0o600))
	asked["docker_config_dir"] = configDir

	for name, guard := range map[string]imagetest.Fault{
		"basic": imagetest.Basic("user", password), "token": imagetest.Token(server.Host, "user", password, token),
	} {
		server.Break(guard)
		allowed := pullRequest(t, asked["reference"].(string))
		allowed["docker_config_dir"] = configDir
		if last, code := start(t, "pull", allowed).end(); code != 0 {
			t.Errorf("%s: exit %d: %v", name, code, last)
		}
		anonymous := pullRequest(t, asked["reference"].(string))
		if last, _ := start(t, "pull", anonymous).end(); last["code"] != "registry_denied" {
			t.Errorf("%s without credentials: %v", name, last)
		}
		// A registry that says back what it was told, in every way.
		server.Break(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
			if !imagetest.IsManifest(r) {
				guard(next, w, r)
				return
			}
			w.WriteHeader(http.StatusForbidden)
			_, _ = w.Write([]byte(r.Header.Get("Authorization") + " " + password + " http://user:" + password + "@host/path?sig=" + token + " " + token))
		})
		running := start(t, "pull", asked)
		last, _ := running.end()
		if last["code"] != "registry_denied" {
			t.Errorf("%s: %v", name, last)
		}
		for _, secret := range []string{password, auth, "sig="} {
			if strings.Contains(running.output, secret) {
				t.Errorf("%s: %q is told: %s", name, secret, running.output)
			}
		}
		if name == "token" && strings.Contains(running.output, token) {
			t.Errorf("the token is told: %s", running.output)
		}
	}
}

// BenchmarkPullOf200MB tells how long it takes and what the program needs of memory.
func BenchmarkPullOf200MB(b *testing.B) {
	server := imagetest.NewRegistry(b)
	reference := server.Push(b, "big", imagetest.BigImage(b, 200_000_000))
	for b.Loop() {
		asked := pullRequest(b, reference)
		running := start(b, "pull", asked)
		if last, code := running.end(); code != 0 {
			b.Fatalf("exit %d: %v", code, last)
		}
		b.ReportMetric(float64(running.peakBytes)/1e6, "peak-MB")
		b.ReportMetric(running.command.ProcessState.UserTime().Seconds()+running.command.ProcessState.SystemTime().Seconds(), "cpu-s")
	}
}
