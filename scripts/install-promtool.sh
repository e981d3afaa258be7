#!/bin/sh
# Installs promtool (Debian and its kin), with which test/e2e/seeing.test.ts checks the metrics.
set -eu
run=
if [ "$(id -u)" -ne 0 ]; then run=sudo; fi
$run apt-get update -qq
DEBIAN_FRONTEND=noninteractive $run apt-get install -y -qq --no-install-recommends prometheus
# Only the tool is wanted: the package starts a server where there is an init.
if command -v systemctl >/dev/null 2>&1; then $run systemctl disable --now prometheus >/dev/null 2>&1 || true; fi
