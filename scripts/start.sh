#!/bin/sh
# `npm start [-- ARGUMENTS]`: `cofferdam serve` unless a command is named, in the directory where the
# user stands.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
cd -- "${INIT_CWD:-$root}"

# Until it listens nothing else is said, and a first start installs, which takes a while.
starting() {
  echo "starting cofferdam serve; its address follows when it answers (Ctrl-C ends it)" >&2
}

case ${1-} in
# Whoever starts it for the first time wants to see that it works.
'') starting && exec "$root/bin/cofferdam" serve --try ;;
-h | --help | -V | --version) exec "$root/bin/cofferdam" "$@" ;;
-*) starting && exec "$root/bin/cofferdam" serve --try "$@" ;;
*) exec "$root/bin/cofferdam" "$@" ;;
esac
