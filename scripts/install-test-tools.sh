#!/bin/sh
# Installs what tests use beside Node, Go and git (Debian and its kin); `npm test` runs it. What cannot be
# installed is said, and the tests that want it are skipped, each with its reason.
set -eu
missing=
for pair in promtool:prometheus busybox:busybox dash:dash strace:strace; do
  command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair#*:}"
done
[ -n "$missing" ] || exit 0
run=
if [ "$(id -u)" -ne 0 ]; then run='sudo -n'; fi
install() {
  # shellcheck disable=SC2086
  $run apt-get update -qq && DEBIAN_FRONTEND=noninteractive $run apt-get install -y -qq --no-install-recommends $missing
}
if ! command -v apt-get >/dev/null 2>&1 || ! install >&2; then
  echo "note: not installed, so some tests are skipped:$missing" >&2
fi
# Of prometheus only the tool is wanted: the package starts a server where there is an init.
if command -v systemctl >/dev/null 2>&1; then $run systemctl disable --now prometheus >/dev/null 2>&1 || true; fi
