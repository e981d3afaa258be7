#!/bin/sh
# `npm test`: installs what it needs, then everything that proves a change, and a line of sums.
set -eu
cd "$(dirname -- "$0")/.."
sh scripts/install-test-tools.sh
exec sh scripts/node.sh scripts/test.ts
