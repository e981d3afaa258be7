#!/bin/sh
# The unit and contract tests, in one process: a module that keeps state or acts when it is imported
# breaks its neighbours here. Only loopback can be reached.
set -eu
cd "$(dirname -- "$0")/.."
exec sh scripts/node.sh --import ./test/support/loopback-only.ts --test --test-isolation=none \
  --test-timeout=60000 "$@" 'src/**/*.test.ts' \
  'test/support/**/*.test.ts' 'test/conformance/**/*.test.ts' 'test/failure-*/**/*.test.ts' 'bench/**/*.test.ts'
