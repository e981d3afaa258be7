import type { Failure } from './failure.ts';

/** Damaged caches, locks, flags and tools on the machine that builds. */
export const cacheFailures: readonly Failure[] = [
  {
    id: 'cache-corrupt',
    class: 'machine',
    title: 'the module cache or build cache is damaged',
    meaning:
      'A file in a cache on this machine is cut, changed or gone. go does not mend it by itself, not even when the proxy is sound.',
    owner: 'platform',
    retry: 'permanent',
    remedy:
      'remove what is broken and nothing else (go clean -cache for the build cache); see how the cache is saved and restored, and that two builds do not write it at once',
    // Not `go clean -modcache`: others use the same cache, and all but one file of it is sound.
    command: 'cofferdam modcache heal',
    probe: 'go mod verify, files of length zero, and a test of each zip in the cache',
    needs: ['environment', 'module'],
    mistakenFor: ['zip-not-valid', 'module-without-package', 'gosum-mismatch'],
    depth: 13,
    forms: [
      {
        phrases: [
          'go: internal cache error',
          'ziphash file is missing',
          'not completely extracted',
        ],
        weight: 3,
      },
      {
        phrases: ['zip: '],
        pattern: /unzip \S{1,600}: zip: (?:not a valid zip file|checksum error|unsupported|format)/,
        weight: 4,
      },
      {
        phrases: [
          'unexpected ziphash',
          'dir has been modified',
          'zip has been modified',
          'corrupt index',
          'missing ziphash',
        ],
        weight: 4,
      },
      {
        phrases: ['no such file or directory'],
        pattern:
          /(?:open|stat|lstat) \S{0,400}\/pkg\/mod\/(?!cache\/(?:lock|download\/\S{1,300}\.lock))\S{1,400}: no such file or directory/,
        said: 'go',
        weight: 3,
      },
      {
        phrases: ['build cache is corrupt', 'cache entry not found', 'bad magic in cache'],
        weight: 2,
        said: 'go',
      },
      {
        // A file of no bytes, in a directory that nobody edits
        phrases: ["expected 'package', found 'eof'"],
        pattern:
          /[\\/]pkg[\\/]mod[\\/]\S{1,400}\.go:\d{1,7}:\d{1,5}: expected 'package', found 'EOF'/,
        weight: 3,
      },
      {
        phrases: ['no such file or directory', 'cannot find the file specified'],
        pattern:
          /open \S{0,300}[\\/]go-build[\\/][0-9a-f]{2}[\\/][0-9a-f]{8,64}-[ad]: (?:no such file|The system cannot find)/,
        weight: 3,
      },
    ],
  },
  {
    id: 'cache-lock-stuck',
    class: 'machine',
    title: 'go waits for, or cannot take, the lock of a cache',
    meaning:
      'Locks do not work on this file system, or another process holds one and does not end.',
    owner: 'platform',
    retry: 'permanent-but-cheap',
    remedy: 'end the process that holds it; keep the module cache on a local disk and not on NFS',
    command: 'stat -f -c %T "$(go env GOMODCACHE)"; lsof "$(go env GOMODCACHE)/cache/lock"',
    probe: 'the holder of the lock, and the type of the file system',
    needs: ['environment'],
    mistakenFor: ['net-hang', 'git-lock-left'],
    depth: 13,
    forms: [
      { phrases: ['no locks available'], weight: 3 },
      {
        // The system's words for ENOSYS, EOPNOTSUPP, ESTALE and EDEADLK, which network file systems give.
        phrases: [
          'function not implemented',
          'operation not supported',
          'stale nfs file handle',
          'resource deadlock avoided',
        ],
        pattern: /lock.{0,300}(?:function not implemented|operation not supported|stale|deadlock)/i,
        weight: 3,
      },
    ],
  },
  {
    id: 'text-file-busy',
    class: 'machine',
    title: 'a program was replaced while it runs',
    meaning:
      'The system does not let a file be written that is being run, or run while it is being written.',
    owner: 'platform',
    retry: 'transient',
    remedy: 'try again; write the new program under another name and rename it',
    command: 'go build -o app.new . && mv app.new app',
    probe: 'who runs that file',
    needs: [],
    mistakenFor: ['tmp-noexec', 'windows-file-in-use'],
    depth: 16,
    forms: [{ phrases: ['text file busy'], weight: 3 }],
  },
  {
    id: 'windows-file-in-use',
    class: 'machine',
    title: 'another program holds a file of the cache open',
    meaning:
      'On Windows a file that somebody has open cannot be renamed or removed; virus scanners open each new one.',
    owner: 'platform',
    retry: 'transient',
    remedy: 'try again; leave the module cache and the build cache out of the scan',
    command: 'go env GOMODCACHE GOCACHE',
    probe: 'the same again, and what scans these directories',
    needs: ['environment'],
    mistakenFor: ['cache-permission-denied'],
    depth: 16,
    forms: [
      {
        phrases: ['access is denied'],
        pattern:
          /(?:rename|remove|unlinkat|open|mkdir|RemoveAll|creating|build output).{0,600}: Access is denied/i,
        weight: 2,
      },
      {
        phrases: ['the process cannot access the file', 'being used by another process'],
        weight: 3,
      },
      {
        phrases: ['rename ', 'unlinkat ', 'remove '],
        pattern:
          /(?:rename|unlinkat|remove) [A-Za-z]:\\.{0,600}: (?:拒绝访问|存取被拒|Отказано в доступе|Zugriff verweigert|Accès refusé|Acceso denegado|Acesso negado|アクセスが拒否されました|액세스가 거부되었습니다|另一个程序正在使用此文件|Процесс не может получить доступ)/,
        weight: 2,
        said: 'go',
        dialect: 'Windows in other languages',
      },
    ],
  },
  {
    id: 'goflags-invalid',
    class: 'machine',
    title: 'GOFLAGS holds something that is no flag',
    meaning:
      'The value is set in the environment or in the file of go env -w, and one word of it is not known to this command.',
    owner: 'platform',
    retry: 'permanent',
    remedy: 'remove the word; values with spaces need quotes inside GOFLAGS',
    command: 'go env GOFLAGS && go env -changed',
    probe: 'the value, and where it is set',
    needs: ['environment', 'go-version'],
    mistakenFor: ['vendor-lookup-disabled'],
    depth: 35,
    forms: [
      {
        phrases: ['parsing $goflags', 'invalid value in goflags', 'go: parsing $goflags'],
        weight: 4,
      },
      {
        phrases: ['when in workspace mode, but it is set to', 'cannot be used in workspace mode'],
        pattern: /-mod(?:file)? (?:may only be set|cannot be used in workspace)/,
        weight: 3,
      },
      {
        phrases: ['flag provided but not defined: -'],
        pattern:
          /flag provided but not defined: -(?:buildvcs|trimpath|modcacherw|modfile|overlay|pgo|coverpkg|mod|workfile|C|buildmode)$/,
        weight: 2,
        dialect: 'a Go from before the flag',
      },
    ],
  },
  {
    id: 'cgo-toolchain-missing',
    class: 'machine',
    title: 'there is no C compiler',
    meaning: 'A package uses cgo, and the image has no compiler or no headers for it.',
    owner: 'platform',
    retry: 'permanent',
    remedy: 'install the compiler, or build without cgo where the program allows it',
    command: 'CGO_ENABLED=0 go build ./...',
    probe: 'which compiler CC names, and whether it is there',
    needs: ['environment'],
    mistakenFor: ['compile-error', 'vcs-tool-missing'],
    depth: 72,
    forms: [
      {
        phrases: [
          'fatal error:',
          'cannot find -l',
          "no package '",
          'pkg-config: exec',
          'unrecognized command line option',
          'unrecognized command-line option',
          'undefined reference to',
          'library not found for -l',
          'was not found in the pkg-config search path',
          'clang: error: ',
          'gcc: error: ',
          'undefined symbols for architecture',
          'xcrun: error: ',
          'no developer tools were found',
          'mode not compiled in',
          'cannot parse gcc output',
          "trying to exec 'cc1",
          'ld: cannot find ',
          'framework not found',
          "ld: library '",
        ],
        pattern:
          /fatal error: '?\S{1,200}\.h'?(?:: No such file| file not found)|cannot find -l\w|pkg-config.{0,100}(?:not found|exec)|No package '[^']{1,100}' found|# runtime\/cgo|unrecognized command.line option|undefined reference to|library '?[^']{0,60}'? ?not found|(?:gcc|clang): error: |Undefined symbols for architecture|xcrun: error|no developer tools|mode not compiled in|cannot parse gcc output|trying to exec 'cc1|ld: cannot find \S{1,40}\.o\b|framework not found|pkg-config search path/,
        not: /linker command failed/,
        weight: 2,
      },
      {
        phrases: [
          'ld returned 1 exit status',
          'linker command failed',
          'gcc failed',
          'clang failed',
        ],
        weight: 1,
      },
      {
        phrases: ['requires cgo', 'cannot find runtime/cgo'],
        pattern: /^(?:go: )?-(?:race|msan|asan) requires cgo|cannot find runtime\/cgo/,
        weight: 3,
      },
      { phrases: ['c compiler '], pattern: /C compiler "[^"]{1,200}" not found/, weight: 4 },
      {
        phrases: ['executable file not found'],
        pattern:
          /exec: "(?:\S{0,60}-)?(?:gcc|g\+\+|cc|c\+\+|clang|clang\+\+|pkg-config)(?:-[\d.]{1,6})?": executable file not found/,
        weight: 4,
      },
    ],
  },
];
