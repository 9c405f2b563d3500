# Every target that people and CI need. `make quickstart` on a clean machine comes first.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
MAKEFLAGS += --no-print-directory
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

.PHONY: quickstart build check test test-long bench clean native generate docs format publish-environments

quickstart: ## from a clean machine to a command inside a guest
	scripts/quickstart.sh

build: node_modules ## TypeScript to dist/, agent and runsc to libexec/
	tsc -p tsconfig.build.json
	node scripts/bundle.mjs
	$(MAKE) native

native:
	scripts/build-native.sh

node_modules: package-lock.json
	npm ci --no-audit --no-fund
	touch node_modules

generate: node_modules ## code from proto/
	buf generate

docs: node_modules ## the SDK's types and docs/reference, from the operations and the sources
	scripts/docs.sh

format: node_modules
	prettier --log-level warn --write .
	gofmt -w agent/cmd agent/internal helper/cmd helper/internal

check: node_modules ## format, lint, types, import rules, generated code, unit tests: under a minute
	scripts/check.sh

test: ## what CI runs: the checks, the agent's tests, real guests
	scripts/test.sh

test-long: build ## slow matrices and fault loops; not part of CI
	scripts/host-packages.sh docker-registry skopeo umoci busybox-static openssl musl-tools rpm gcc libc6-dev ca-certificates
	vitest run --project long --reporter=default --reporter=./test/helpers/file-summary.ts

bench: build ## the figures of docs/performance.md; ARGS="--only NAME --runs N --json", WRITE=1 puts them there
	tsc -p tsconfig.bench.json
	node .cache/bench/bench/main.js $(ARGS)

SMOKES := smoke-repro-fix-loop smoke-parallel-workspaces smoke-untrusted-inspection smoke-cold-start-validation smoke-review-eval smoke-daily-loop
.PHONY: smoke-use-cases $(SMOKES)

smoke-use-cases: build ## the recipes of docs/use-cases with real guests and a real MCP client; smoke-NAME: one of them
	tsc -p tsconfig.smokes.json
	node .cache/smokes/scripts/smokes/main.js

$(SMOKES): smoke-%: build
	tsc -p tsconfig.smokes.json
	node .cache/smokes/scripts/smokes/main.js $*

publish-environments: build ## the catalogue's environments as images of a registry: REGISTRY=host/path, INSECURE=1 without TLS
	node scripts/publish-environments.mjs $(REGISTRY)

clean:
	rm -rf dist libexec coverage .cache
