#!/usr/bin/env bash
# Builds the native programs into libexec/: the guest agent, the host's helper and runsc, stripped, with their
# licences and a manifest of their digests. Go's build cache makes a second run take a second or two.
set -euo pipefail
cd "$(dirname "$0")/.."

out=libexec
mkdir -p "$out/licenses"
export CGO_ENABLED=0 GOOS=linux GOARCH=amd64 GOFLAGS=-buildvcs=false

package_version=$(node -p 'require("./package.json").version')
go_version=$(go env GOVERSION)
gvisor_version=$(go -C third-party/runsc list -m -f '{{.Version}}' gvisor.dev/gvisor)
# A live image of a guest is only restored by the build that made it, which runsc tells by its version string:
# so the string holds a digest of everything that goes into the build.
inputs=$(cat third-party/runsc/go.mod third-party/runsc/go.sum <(echo "$go_version") | sha256sum | cut -c1-12)
runsc_version="$gvisor_version-$inputs"

echo "[build] agent $package_version ($go_version)"
go build -C agent -trimpath -ldflags "-s -w -X main.version=$package_version" -o "../$out/pyro-agent" ./cmd/pyro-agent

echo "[build] helper $package_version ($go_version)"
go build -C helper -trimpath -ldflags "-s -w -X main.version=$package_version" -o "../$out/pyro-helper" ./cmd/pyro-helper

echo "[build] runsc $runsc_version (the first build takes a minute or two)"
go build -C third-party/runsc -trimpath \
  -ldflags "-s -w -X gvisor.dev/gvisor/runsc/version.version=$runsc_version" \
  -o "../../$out/runsc" gvisor.dev/gvisor/runsc

# The licences of every module that is linked into the programs.
for module in agent helper third-party/runsc; do
  target=./cmd/pyro-$module
  [ "$module" != third-party/runsc ] || target=gvisor.dev/gvisor/runsc
  go list -C "$module" -deps -f '{{with .Module}}{{.Path}}	{{.Dir}}{{end}}' "$target" | sort -u |
    while IFS=$'\t' read -r name directory; do
      case "$name" in pyro-mcp/*) continue ;; esac
      for licence in "$directory"/LICENSE* "$directory"/COPYING* "$directory"/NOTICE*; do
        if [ -f "$licence" ]; then
          install -m 644 "$licence" "$out/licenses/${name//\//_}-$(basename "$licence")"
        fi
      done
    done
done
install -m 644 "$(go env GOROOT)/LICENSE" "$out/licenses/go-LICENSE"

sha() { sha256sum "$1" | cut -d' ' -f1; }
cat > "$out/manifest.json" <<JSON
{
  "runsc": { "version": "$runsc_version", "sha256": "$(sha "$out/runsc")" },
  "pyro-agent": { "version": "$package_version", "sha256": "$(sha "$out/pyro-agent")" },
  "pyro-helper": { "version": "$package_version", "sha256": "$(sha "$out/pyro-helper")" }
}
JSON
