#!/usr/bin/env bash
# All tests that CI runs. Installs what the machine lacks; ends with the test runner's summary.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/host-packages.sh
make build
make check
echo "[test] agent"
go -C agent test ./...
echo "[test] helper"
go -C helper test ./...
echo "[test] real guests"
vitest run --project guest
