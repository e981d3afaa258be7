#!/bin/sh
# `npm start [-- ARGUMENTS]`: `cofferdam serve` unless a command is named, in the directory where the
# user stands.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
cd -- "${INIT_CWD:-$root}"
case ${1-} in
# Whoever starts it for the first time wants to see that it works.
'') exec "$root/bin/cofferdam" serve --try ;;
-h | --help | -V | --version) exec "$root/bin/cofferdam" "$@" ;;
-*) exec "$root/bin/cofferdam" serve --try "$@" ;;
*) exec "$root/bin/cofferdam" "$@" ;;
esac
