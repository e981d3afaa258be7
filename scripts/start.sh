#!/bin/sh
# `npm start [-- ARGUMENTS]`: `cofferdam serve` unless a command is named, in the directory where the user stands.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
cd "${INIT_CWD:-$root}"
case ${1-} in
'' ) exec "$root/bin/cofferdam" serve ;;
-h | --help | -V | --version) exec "$root/bin/cofferdam" "$@" ;;
-*) exec "$root/bin/cofferdam" serve "$@" ;;
*) exec "$root/bin/cofferdam" "$@" ;;
esac
