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

func TestWaitsOfRequestsAtOnceAreOne(t *testing.T) {
	told := 0
	w := &waiting{patience: Patience{Total: time.Minute}, tell: func(time.Duration) { told++ }}
	now := time.Now()
	for range 4 {
		if !w.spend(now, 40*time.Second) {
			t.Fatal("the wait of one request leaves no patience for the same wait of another")
		}
	}
	if told != 1 || w.spent != 40*time.Second {
		t.Errorf("told %d times, spent %v", told, w.spent)
	}
	if later := now.Add(40 * time.Second); !w.spend(later, 20*time.Second) || w.spend(later, 21*time.Second) {
		t.Error("a minute in all is the most")
	}
}
