#!/bin/sh
# Installs what `npm run bench` measures with (Debian and its kin): nginx, wrk and h2load.
set -eu
run=
if [ "$(id -u)" -ne 0 ]; then run=sudo; fi
$run apt-get update -qq
DEBIAN_FRONTEND=noninteractive $run apt-get install -y -qq --no-install-recommends nginx-light wrk nghttp2-client openssl
# The package starts a server of its own on port 80 where there is an init; the benchmark starts another.
if command -v systemctl >/dev/null 2>&1; then $run systemctl disable --now nginx >/dev/null 2>&1 || true; fi
