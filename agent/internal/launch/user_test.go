// Accounts out of a guest's databases.

package launch

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func rootWith(t testing.TB, passwd, group string) string {
	root := t.TempDir()
	if err := os.Mkdir(filepath.Join(root, "etc"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"passwd": passwd, "group": group} {
		if err := os.WriteFile(filepath.Join(root, "etc", name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestResolveUser(t *testing.T) {
	full := rootWith(t,
		"root:x:0:0:root:/root:/bin/sh\n# comment\nbad:x:y:z:::\napp:x:1000:1001::/srv/app:/bin/sh\n2000:x:5:6::/odd:\n",
		"root:x:0:\nstaff:x:50:app,other\nvideo:x:44:other,app\n")
	empty := t.TempDir()
	for _, test := range []struct {
		root, user string
		uid, gid   uint32
		groups     []uint32
		home       string
	}{
		{full, "app", 1000, 1001, []uint32{50, 44}, "/srv/app"},
		{full, "1000", 1000, 1001, []uint32{50, 44}, "/srv/app"},
		{full, "app:staff", 1000, 50, nil, "/srv/app"},
		{full, "app:7", 1000, 7, nil, "/srv/app"},
		{full, "2000", 5, 6, nil, "/odd"},
		{full, "3000", 3000, 0, nil, ""},
		{empty, "65532:65533", 65532, 65533, nil, ""},
		{empty, "0", 0, 0, nil, ""},
	} {
		got, err := resolveUser(test.user, test.root)
		if err != nil || got.credential.Uid != test.uid || got.credential.Gid != test.gid ||
			!slices.Equal(got.credential.Groups, test.groups) || got.home != test.home {
			t.Errorf("%s: %+v %v", test.user, got, err)
		}
	}
	for root, users := range map[string][]string{
		full:  {"nobody", "bad", "app:none", "-1", "4294967295", "99999999999"},
		empty: {"app", "0:wheel"},
	} {
		for _, user := range users {
			if got, err := resolveUser(user, root); err == nil {
				t.Errorf("%s: %+v", user, got)
			}
		}
	}
}

func FuzzResolveUser(f *testing.F) {
	f.Add("app:x:1000:1001::/srv/app:/bin/sh\n", "staff:x:50:app\n", "app:staff")
	f.Fuzz(func(t *testing.T, passwd, group, user string) {
		got, err := resolveUser(user, rootWith(t, passwd, group))
		if err == nil && (got.credential.Uid == 1<<32-1 || got.credential.Gid == 1<<32-1) {
			t.Errorf("%+v", got)
		}
	})
}
