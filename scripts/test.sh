#!/bin/sh
# `npm test`, `npm run test:long`: installs what it needs, then the suites, and a line of sums.
set -eu
cd "$(dirname -- "$0")/.."
sh scripts/install-test-tools.sh
exec sh scripts/node.sh scripts/test.ts "$@"
