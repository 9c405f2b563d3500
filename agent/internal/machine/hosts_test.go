// Editing /etc/hosts.

package machine

import "testing"

func TestEditHosts(t *testing.T) {
	for old, want := range map[string]string{
		"": "127.0.0.1 localhost\n::1 localhost\n127.0.1.1 new\n",
		"127.0.0.1\tlocalhost # me\n::1 localhost ip6-localhost\n":  "127.0.0.1\tlocalhost # me\n::1 localhost ip6-localhost\n127.0.1.1 new\n",
		"127.0.0.1 localhost\n::1 localhost\n127.0.1.1 old old.x\n": "127.0.0.1 localhost\n::1 localhost\n127.0.1.1 new\n",
		"# mine\r\n10.0.0.1 db\n#127.0.0.1 localhost":               "127.0.0.1 localhost\n::1 localhost\n# mine\n10.0.0.1 db\n#127.0.0.1 localhost\n127.0.1.1 new\n",
	} {
		got := editHosts(old, "new")
		if got != want {
			t.Errorf("%q: %q", old, got)
		}
		if again := editHosts(got, "new"); again != got {
			t.Errorf("a second edit changes %q to %q", got, again)
		}
	}
}

func FuzzEditHostsIsStable(f *testing.F) {
	f.Add("127.0.0.1 localhost\n")
	f.Fuzz(func(t *testing.T, old string) {
		once := editHosts(old, "h")
		if twice := editHosts(once, "h"); twice != once {
			t.Errorf("%q then %q", once, twice)
		}
	})
}
