// Registries that ask who is there.

package imagetest

import (
	"fmt"
	"net/http"
)

// Basic wants a password with every request.
func Basic(user, password string) Fault {
	return func(next http.Handler, w http.ResponseWriter, request *http.Request) {
		if gotUser, got, _ := request.BasicAuth(); gotUser != user || got != password {
			w.Header().Set("WWW-Authenticate", `Basic realm="test"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, request)
	}
}

// Token gives a token for a password at /token, and wants it with every other request.
func Token(host, user, password, token string) Fault {
	return func(next http.Handler, w http.ResponseWriter, request *http.Request) {
		if request.URL.Path == "/token" {
			if gotUser, got, _ := request.BasicAuth(); gotUser != user || got != password {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			_, _ = fmt.Fprintf(w, `{"token":%q}`, token)
			return
		}
		if request.Header.Get("Authorization") != "Bearer "+token {
			w.Header().Set("WWW-Authenticate", fmt.Sprintf(`Bearer realm="http://%s/token",service="test"`, host))
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, request)
	}
}
