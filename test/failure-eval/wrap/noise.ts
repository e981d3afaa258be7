import type { SeededRandom } from '../../support/seeded.ts';

/** What else stands in a log of a build: harmless, and some of it sounds like trouble. */
const BEFORE: readonly (readonly string[])[] = [
  [
    'Get:1 http://deb.debian.org/debian bookworm InRelease [151 kB]',
    'Get:2 http://deb.debian.org/debian bookworm/main amd64 Packages [8786 kB]',
    'Fetched 8937 kB in 2s (4102 kB/s)',
    'Reading package lists...',
    'debconf: delaying package configuration, since apt-utils is not installed',
    'Setting up ca-certificates (20230311) ...',
  ],
  [
    'npm warn deprecated inflight@1.0.6: This module is not supported, and leaks memory.',
    'added 412 packages, and audited 413 packages in 9s',
    '61 packages are looking for funding',
    'found 0 vulnerabilities',
  ],
  [
    '1.26-bookworm: Pulling from library/golang',
    'a480a496ba95: Already exists',
    '3a1c5a3d0ab1: Pull complete',
    'Digest: sha256:4f063a24d429510e512cc730c3330292ff49f3ade3ae79bda8f84a24fa25ecb0',
    'Status: Downloaded newer image for golang:1.26-bookworm',
  ],
  [
    "Cloning into '/builds/project'...",
    'remote: Enumerating objects: 2210, done.',
    'Receiving objects: 100% (2210/2210), 1.91 MiB | 7.20 MiB/s, done.',
    'HEAD is now at 3f1c0de fix: error handling of timeouts (#481)',
  ],
  [
    'ok  \texample.com/app/internal/timeout\t0.312s',
    'ok  \texample.com/app/internal/errors\t0.108s',
    '?   \texample.com/app/cmd\t[no test files]',
    '--- PASS: TestDialTimeout (0.02s)',
    '    dial_test.go:41: dial tcp 127.0.0.1:1: connect: connection refused (expected)',
  ],
  [
    'fetch https://dl-cdn.alpinelinux.org/alpine/v3.20/main/x86_64/APKINDEX.tar.gz',
    '(1/3) Installing ca-certificates (20240705-r0)',
    'OK: 8 MiB in 17 packages',
  ],
  [
    // Not at the end: a step that is ended right behind a download hung on it.
    'go: downloading golang.org/x/text v0.14.0',
    'go: downloading golang.org/x/sys v0.18.0',
    'Restored cache key go-mod-linux-3f9c (48 MB) in 3s',
    'Cache hit for: go-build-1',
    'Cache hit for: go-test-1',
    'Cache hit for: protoc-28',
    'Restored 3 caches in 5s',
  ],
  [
    'lint: 0 errors, 2 warnings',
    'warning: variable "err" shadows declaration',
    'all generated files are up to date',
  ],
];

const AFTER: readonly (readonly string[])[] = [
  [
    'Uploading artifacts...',
    'WARNING: reports/*.xml: no matching files',
    'Cleaning up project directory and file based variables',
  ],
  [
    'Post job cleanup.',
    'Cache not saved because the job did not succeed',
    'Terminating orphan processes',
  ],
  ['make: *** [Makefile:12: build] Error 1'],
  ['Sending notification to #builds', 'Finished: FAILURE'],
  ["cp: cannot stat './bin/app': No such file or directory"],
  [],
];

function pick<T>(random: SeededRandom, choices: readonly T[]): T {
  return choices[random.whole(choices.length)] as T;
}

/** The log among other lines of the same build. */
export function withNoise(random: SeededRandom, log: string): string {
  const count = 1 + random.whole(3);
  const before = Array.from({ length: count }, () => pick(random, BEFORE)).flat();
  const progress =
    random.whole(3) === 0 ? ['+ go version', 'go version go1.x linux/amd64'].slice(0, 1) : [];
  return [...before, ...progress, log.trimEnd(), ...pick(random, AFTER), ''].join('\n');
}
