import type { Failure } from './failure.ts';

/** Disk, memory, rights and limits of the machine that builds. */
export const machineFailures: readonly Failure[] = [
  {
    id: 'cache-permission-denied',
    class: 'machine',
    title: 'the build may not write where go keeps its files',
    meaning:
      'The module cache, the build cache or the working directory belongs to another user than the one that runs the build.',
    owner: 'platform',
    retry: 'permanent',
    remedy:
      'give the directory to the user of the build, or point GOMODCACHE and GOCACHE to one of its own',
    command: 'id -u; ls -ld "$(go env GOMODCACHE)" "$(go env GOCACHE)"',
    probe: 'create and rename a file in each of the two caches as that user',
    needs: ['environment'],
    mistakenFor: ['cache-readonly', 'tmp-noexec', 'git-ssh-publickey'],
    depth: 12,
    forms: [
      // Warnings of the same words come before it; this one ends the command.
      {
        phrases: ['permission denied'],
        pattern:
          /(?:could not create module cache|failed to create cache directory|failed to initialize build cache|updating go\.(?:sum|mod)).{0,600}: permission denied/,
        weight: 3,
      },
      {
        phrases: ['permission denied'],
        pattern:
          /(?:could not create module cache|go\.mod cache|create cache directory|initialize build cache|updating go\.|writing |creating work dir|(?:mkdir|open|stat|lstat|rename|unlinkat|remove|chmod|copying) \S{1,600})(?:.{0,400}): permission denied/,
        not: /fork\/exec|publickey|(?:connect|socket): permission|dial (?:tcp|udp)/,
        said: 'go',
      },
      {
        phrases: ['not in cache'],
        pattern: /@v\S{1,120}: not in cache/,
        weight: 1,
        said: 'go',
        dialect: 'Go 1.15',
      },
    ],
  },
  {
    id: 'cache-readonly',
    class: 'machine',
    title: 'the place where go keeps its files is read-only',
    meaning:
      'The file system of a cache or of the working directory is mounted without the right to write.',
    owner: 'platform',
    retry: 'permanent',
    remedy: 'mount it writable, or point GOMODCACHE, GOCACHE and GOTMPDIR to a place that is',
    command: 'go env GOMODCACHE GOCACHE GOTMPDIR; mount | grep " ro[, ]"',
    probe: 'create a file in each of these directories',
    needs: ['environment'],
    mistakenFor: ['cache-permission-denied'],
    depth: 12,
    forms: [
      {
        phrases: ['read-only file system'],
        pattern: /(?:mkdir|open|rename|unlinkat|create|touch|copying|write)/i,
        weight: 2,
      },
      { phrases: ['read-only file system'], said: 'go' },
    ],
  },
  {
    id: 'cache-location-missing',
    class: 'machine',
    title: 'go does not know where to keep its files',
    meaning:
      'Neither HOME nor the variables for the caches are set, as in a service, in cron or under env -i.',
    owner: 'platform',
    retry: 'permanent',
    remedy: 'set HOME, or GOMODCACHE and GOCACHE, to absolute directories',
    command: 'export HOME=/root GOMODCACHE=/go/pkg/mod GOCACHE=/go/cache',
    probe: 'the environment of exactly that step',
    needs: ['environment'],
    mistakenFor: ['cache-path-relative'],
    depth: 11,
    forms: [
      { phrases: ['build cache is disabled by gocache=off', 'missing $gopath'], weight: 3 },
      {
        phrases: ['failed to initialize build cache', 'creating work dir: mkdir'],
        pattern: /: not a directory$/,
        weight: 4,
      },
      {
        phrases: [
          'neither gomodcache nor gopath is set',
          'neither gopath nor gomodcache are set',
          'build cache is required, but could not be located',
          'gocache is not defined',
          'module cache not found',
          'and neither $xdg_cache_home nor $home are defined',
          '$gopath not set',
          'gopath is not set',
          'creating work dir: stat ',
        ],
        pattern:
          /GOMODCACHE|GOCACHE|GOPATH|module cache not found|XDG_CACHE_HOME|work dir: stat \S{1,300}: no such file/i,
        weight: 4,
      },
    ],
  },
  {
    id: 'cache-path-relative',
    class: 'machine',
    title: 'a directory setting of go is not absolute',
    meaning: 'GOMODCACHE, GOCACHE or GOPATH holds a relative path, which go refuses.',
    owner: 'platform',
    retry: 'permanent',
    remedy: 'write the whole path from the root, with the directory of the job in front',
    command: 'go env GOPATH GOMODCACHE GOCACHE && go env -changed',
    probe: 'the three settings, and where they are set',
    needs: ['environment'],
    mistakenFor: ['cache-location-missing'],
    depth: 11,
    forms: [
      {
        phrases: ['entry is relative', 'must be absolute path', 'is not an absolute path'],
        pattern: /(?:GOMODCACHE|GOPATH|GOCACHE|GOTMPDIR)/,
        weight: 4,
      },
    ],
  },
  {
    id: 'disk-full',
    class: 'machine',
    title: 'the disk is full',
    meaning:
      'No space, no inodes or no quota is left where go writes. It can look like a network error, because downloads are written while they arrive.',
    owner: 'platform',
    retry: 'permanent',
    remedy:
      'make room or use a larger volume; clean before the build and not after; look at inodes too',
    command: 'df -h . "$(go env GOMODCACHE)" "$(go env GOCACHE)" "${TMPDIR:-/tmp}"; df -i .',
    probe:
      'bytes and inodes of the module cache, the build cache, TMPDIR and the container storage, each apart',
    needs: ['environment'],
    mistakenFor: ['download-truncated', 'goroot-broken', 'import-std-missing'],
    depth: 8,
    forms: [
      {
        phrases: [
          'no space left on device',
          'disk quota exceeded',
          'not enough space on the disk',
          'enospc',
        ],
        weight: 4,
      },
      { phrases: ['sigbus'], pattern: /SIGBUS/, weight: 2 },
      {
        phrases: ['cannot find package'],
        pattern:
          /(?:^|\s)\S{0,200}\/go\/src\/(?:runtime|internal|sync|reflect|errors|unsafe|syscall|os|io|fmt|strconv|unicode|math)\S{0,200}\.go:\d+:\d+: cannot find package/,
        weight: 3,
      },
    ],
  },
  {
    id: 'fd-limit',
    class: 'machine',
    title: 'too many files are open',
    meaning: 'The limit for open files of this process or system is reached.',
    owner: 'platform',
    retry: 'permanent',
    remedy: 'raise the limit of the container or shell, or build with fewer things at once',
    command: 'ulimit -n; go build -p 2 ./...',
    probe: 'the limits of that environment',
    needs: ['environment'],
    mistakenFor: ['process-limit', 'disk-full'],
    forms: [
      {
        phrases: ['too many open files'],
        pattern:
          /(?:open|pipe2?|fork\/exec|accept4?|socket|dup|inotify).{0,300}: too many open files/,
        weight: 2,
      },
      { phrases: ['too many open files'], said: 'go', weight: 3 },
    ],
  },
  {
    id: 'oom-killed',
    class: 'machine',
    title: 'the build ran out of memory and was killed',
    meaning:
      'The kernel ended the compiler, the linker or the whole step because memory was used up. A time limit or a person can kill too: the exit code 137 and the kernel log tell.',
    owner: 'platform',
    retry: 'permanent',
    remedy: 'give the step more memory, or let it do less at once',
    command: 'go build -p 1 ./...',
    probe: 'memory.events of the cgroup, and exit code 137',
    needs: ['exit-code', 'environment'],
    mistakenFor: ['step-timeout', 'pod-oom', 'memory-address-limit'],
    depth: 15,
    forms: [
      {
        phrases: ['terminated with signal 9', 'returned signal 9', 'killed by signal 9', 'sigkill'],
        pattern: /(?:terminated with|returned|by) signal 9|SIGKILL/,
        weight: 2,
      },
      {
        phrases: [': killed', ' killed'],
        pattern:
          /^(?:.{0,200}: line \d+: +\d+ )?Killed\b|^make.{0,20}: \*\*\* \[.{1,200}\] Killed|fatal error: Killed signal|(?:compile|link|asm|cgo|cc1|collect2)\S{0,20}: (?:fatal error: )?[Kk]illed/,
        weight: 2,
      },
      { phrases: ['signal: killed'], weight: 3 },
      { phrases: ['out of memory: kill', 'oom-kill', 'memory cgroup out of memory'], weight: 4 },
      {
        phrases: ['status 137', 'status: 137', 'code 137', 'code: 137', 'with 137'],
        pattern:
          /(?:exit (?:status|code)|exited with(?: (?:code|status))?|non-zero (?:exit )?(?:code|status)|terminated with(?: code)?)[: ]{1,3}137\b/i,
        weight: 2,
      },
    ],
  },
  {
    id: 'memory-address-limit',
    class: 'machine',
    title: 'the process may not have the memory that it asks for',
    meaning: 'A limit on address space or memory refuses the request at once.',
    owner: 'platform',
    retry: 'permanent',
    remedy: 'raise or remove the limit on address space (ulimit -v) or on the container',
    command: 'ulimit -v; cat /sys/fs/cgroup/memory.max',
    probe: 'the limits of that environment',
    needs: ['environment'],
    mistakenFor: ['oom-killed'],
    depth: 14,
    forms: [
      {
        phrases: [
          'virtual memory exhausted',
          'std::bad_alloc',
          'failed to allocate',
          'mmap: cannot allocate',
        ],
        pattern:
          /virtual memory exhausted|bad_alloc|cannot allocate|failed to allocate .{0,60}(?:memory|heap|arena)/,
        weight: 2,
      },
      {
        phrases: [
          'failed to reserve page summary memory',
          'cannot allocate memory',
          'runtime: out of memory',
          'fatal error: out of memory',
        ],
        weight: 3,
      },
    ],
  },
  {
    id: 'process-limit',
    class: 'machine',
    title: 'no more processes or threads may be started',
    meaning: 'The limit on processes of the user or the container is reached.',
    owner: 'platform',
    retry: 'permanent',
    remedy:
      'raise the limit (pids in the container, ulimit -u), or build with fewer things at once',
    command: 'ulimit -u; cat /sys/fs/cgroup/pids.max; go build -p 2 ./...',
    probe: 'the limits of that environment, and how many processes run',
    needs: ['environment'],
    mistakenFor: ['fd-limit', 'memory-address-limit'],
    depth: 14,
    forms: [
      {
        phrases: [
          'failed to create new os thread',
          'retry: resource temporarily unavailable',
          'may need to increase max user processes',
        ],
        weight: 3,
      },
      {
        phrases: [
          'resource temporarily unavailable',
          'pthread_create failed',
          'newosproc',
          'cannot fork',
          "can't fork",
        ],
        pattern: /fork\/exec|pthread_create|newosproc|fork|thread/i,
        weight: 3,
      },
    ],
  },
  {
    id: 'tmp-noexec',
    class: 'machine',
    title: 'programs may not run from the temporary directory',
    meaning: 'go run and go test start what they built below TMPDIR, which is mounted with noexec.',
    owner: 'platform',
    retry: 'permanent',
    remedy: 'point GOTMPDIR to a directory on a mount that allows it',
    command: 'mkdir -p "$HOME/gotmp" && export GOTMPDIR="$HOME/gotmp"',
    probe: 'the mount options of TMPDIR',
    needs: ['environment'],
    mistakenFor: ['cache-permission-denied', 'exec-format'],
    depth: 11,
    forms: [
      {
        phrases: ['permission denied'],
        pattern: /fork\/exec \S{0,300}go-build\S{0,300}: permission denied/,
        weight: 4,
      },
    ],
  },
  {
    id: 'exec-format',
    class: 'machine',
    title: 'a program was built for another processor or system',
    meaning: 'The kernel does not know the format: an image or a binary of another architecture.',
    owner: 'platform',
    retry: 'permanent',
    remedy:
      'use the image for this platform, build tools for the machine that runs them, or set up emulation',
    command: 'uname -m; go env GOARCH GOHOSTARCH',
    probe: 'the architecture of the binary, the image and the machine',
    needs: ['environment'],
    mistakenFor: ['tmp-noexec'],
    depth: 16,
    forms: [
      {
        phrases: [
          'cannot execute binary file',
          'bad cpu type in executable',
          'no matching manifest for linux',
          'is not a valid win32 application',
        ],
        weight: 2,
      },
      { phrases: ['does not match the detected host platform'], isWarning: true, weight: 1 },
      { phrases: ['exec format error'], weight: 3 },
    ],
  },
];
