// Times to wait, as registries write them.

package registry

import (
	"net/http"
	"testing"
	"time"
)

func TestRetryAfterIsSecondsOrADate(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"0": 0, "120": 2 * time.Minute, now.Add(time.Minute).Format(http.TimeFormat): time.Minute, now.Add(-time.Hour).Format(http.TimeFormat): 0,
	} {
		if got, found := parseRetryAfter(value, now); !found || got != want {
			t.Errorf("%q: %v %v", value, got, found)
		}
	}
	for _, value := range []string{"", "-1", "soon", "1e9", "99999999999999"} {
		if got, found := parseRetryAfter(value, now); found {
			t.Errorf("%q: %v", value, got)
		}
	}
}
