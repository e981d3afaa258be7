import type { SeededRandom } from '../../support/seeded.ts';

/** Whole pieces of it are written again and again. */
const BLOCK = 4 << 20;

/** What a big log consists of, and what is built to hurt a reader of logs. */
export const inputs: Readonly<Record<string, (random: SeededRandom) => Buffer>> = {
  usual: (random) => fill(() => usualLine(random)),
  'no line break': () => Buffer.alloc(BLOCK, 'x'),
  'escapes without end': () => Buffer.alloc(BLOCK, '\u001B['),
  backslashes: () => Buffer.alloc(BLOCK, '\\'),
  'nested quotes': () => fill(() => `{"log":"${'\\"'.repeat(200)}\n`),
  'only failures': (random) =>
    fill(
      () =>
        `go: github.com/a/b${random.whole(99)}@v1.0.0: Get "https://proxy.golang.org/a/@v/v1.0.0.mod": dial tcp: lookup proxy.golang.org on 10.0.0.2:53: no such host\n`,
    ),
  'almost failures': () =>
    fill(() => `${'dial tcp: lookup '.repeat(30)}${'read udp '.repeat(30)}\n`),
  binary: (random) =>
    fill(() => String.fromCodePoint(...Array.from({ length: 60 }, () => random.whole(255)))),
  'short lines': () => Buffer.alloc(BLOCK, 'a\n'),
  'tabs that go on': () => fill(() => '\tfatal: something else\n'),
};

/** Written in place: the memory that is measured is to be the classifier's. */
function fill(next: () => string): Buffer {
  const block = Buffer.alloc(BLOCK, '\n');
  for (let at = 0; at < BLOCK;) at += Math.max(1, block.write(next(), at));
  return block;
}

const LINES = [
  'go: downloading github.com/spruce/metricskit v1.4.2',
  'ok  \texample.com/app/internal/timeout\t0.312s',
  '=== RUN   TestRetry/after_a_reset',
  '--- PASS: TestRetry/after_a_reset (0.00s)',
  'Get:14 http://deb.debian.org/debian bookworm/main amd64 libc6-dev amd64 2.36 [1904 kB]',
  'level=info msg="request finished" path=/api/v1/items status=200 duration=12ms',
  'npm warn deprecated glob@7.2.3: Glob versions prior to v9 are no longer supported',
  'internal/compiler/walk.go:118: inlining call to strings.TrimSuffix',
  '    assets/index-5f3a.js   412.31 kB │ gzip: 131.02 kB',
];

function usualLine(random: SeededRandom): string {
  const line = LINES[random.whole(LINES.length)] ?? '';
  const stamp = `2025-03-14T10:${10 + random.whole(49)}:${10 + random.whole(49)}.${random.whole(9_999_999)}Z `;
  return `${random.whole(3) === 0 ? stamp : ''}${line} ${random.whole(1000)}\n`;
}
