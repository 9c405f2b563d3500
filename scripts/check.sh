#!/usr/bin/env bash
# The quick gate: format, lint, types, import rules, generated code, unit tests.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { echo "[check] $1"; shift; "$@"; }

generated_is_current() {
  local before after
  before=$(git hash-object agent/gen/agent/v1/*.go agent/gen/agent/v1/*/*.go src/guest/gen/agent/v1/*.ts)
  buf generate
  after=$(git hash-object agent/gen/agent/v1/*.go agent/gen/agent/v1/*/*.go src/guest/gen/agent/v1/*.ts)
  [ "$before" = "$after" ] || { echo "generated code was out of date: commit what \`make generate\` changes" >&2; return 1; }
}

docs_are_current() {
  local before after
  before=$(cat src/sdk/gen/*.ts docs/reference/*.md | git hash-object --stdin)
  scripts/docs.sh
  after=$(cat src/sdk/gen/*.ts docs/reference/*.md | git hash-object --stdin)
  [ "$before" = "$after" ] || { echo "the reference was out of date: commit what \`make docs\` changes" >&2; return 1; }
}

gofmt_is_clean() {
  local files
  files=$(gofmt -l agent/cmd agent/internal helper/cmd helper/internal)
  [ -z "$files" ] || { echo "not formatted: $files" >&2; return 1; }
}

# The longest step runs beside the others: there are at least two cores.
step "lint" eslint --cache --cache-location node_modules/.cache/eslint . &
lint=$!
step "format" prettier --log-level warn --check .
step "format (Go)" gofmt_is_clean
step "proto" buf lint
step "generated code" generated_is_current
step "reference docs" docs_are_current
step "types" tsc -p tsconfig.json
step "import rules" depcruise --config .dependency-cruiser.js --output-type err src
step "go vet" go -C agent vet ./...
step "go vet (helper)" go -C helper vet ./...
wait "$lint"
step "unit tests" vitest run --project unit
