#!/usr/bin/env bash
# From a clean machine to a command inside a real guest. A second run takes seconds.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { echo "[quickstart] $*"; }
need() {
  command -v "$1" > /dev/null && return
  echo "[quickstart] $1 is missing" >&2
  echo "hint: $2" >&2
  exit 5
}

scripts/host-packages.sh
need node "install Node.js 20.19 or newer"
need go "install Go 1.26 or newer"

say "step 1/4: npm packages"
make node_modules
say "step 2/4: build (the first build of runsc takes a minute or two)"
make build
say "step 3/4: environment debian:12"
bin/pyro env pull debian:12
say "step 4/4: a command in a guest"
bin/pyro doctor
bin/pyro run debian:12 -- git --version
say "done. Next: bin/pyro workspace create --seed-path . --name try, or bin/pyro host connect claude-code; bin/pyro --help"
