#!/usr/bin/env bash
# Makes what is derived from the operations and the sources: the SDK's types and docs/reference/.
set -euo pipefail
cd "$(dirname "$0")/.."

tsc -p tsconfig.build.json
node scripts/docs/sdk-types.mjs
node scripts/docs/cli.mjs
node scripts/docs/tools.mjs
typedoc
{
  echo '<!-- Made by typedoc from src/index.ts; `make docs` makes it anew. -->'
  echo
  # Pyro is made of classes that are no part of the public surface: where a method comes from is nobody's business.
  sed -e '/^#* Inherited from$/,+3d' -e '/^#* Extends$/{N;N;/Calls`$/{N;d}}' .cache/typedoc/sdk.md
} > docs/reference/sdk.md
