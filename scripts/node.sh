#!/bin/sh
# `sh scripts/node.sh ARGUMENTS`: Node 26 with the development dependencies, whatever Node is on PATH.
# What it starts finds the same Node as `node`.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
. "$root/scripts/install.sh"
cofferdam_install "$root" development || exit
node=$(cofferdam_node "$root") || exit
PATH=$(dirname -- "$node"):$PATH
export PATH
exec "$node" --disable-warning=ExperimentalWarning "$@"
