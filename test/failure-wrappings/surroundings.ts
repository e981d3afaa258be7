import type { SeededRandom } from '../support/seeded.ts';

/** What else stands in the same log, and what is missing of it. */
type Surroundings = (log: string, random: SeededRandom) => string;

const HARMLESS: readonly ((random: SeededRandom) => string)[] = [
  (random) => `ok  \tm.test/shop/internal/cart\t0.${random.whole(900) + 10}s`,
  (random) => `level=info msg="request finished" status=200 duration=${random.whole(90)}ms`,
  (random) =>
    `Get:${random.whole(90)} http://deb.debian.org/debian bookworm/main amd64 libc6 [1904 kB]`,
  (random) => `=== RUN   TestCart/case_${random.whole(900)}`,
  (random) => `--- PASS: TestCart/case_${random.whole(900)} (0.00s)`,
  (random) => `webpack ${random.whole(99)} modules, 0 errors`,
  (random) => `internal/cart/price.go:${random.whole(400)}: inlining call to math.Round`,
  (random) => `Unpacking libssl3:amd64 (3.0.${random.whole(20)}) ...`,
];

function harmless(random: SeededRandom, lines: number): string {
  return Array.from({ length: lines }, () => {
    const line = HARMLESS[random.whole(HARMLESS.length)];
    return `${line?.(random) ?? ''}\n`;
  }).join('');
}

/** More than a window of the reader, and more than what it looks at around a find. */
const MANY_LINES = 30_000;

export const surroundings: Readonly<Record<string, Surroundings>> = {
  'harmless before': (log, random) => harmless(random, 40) + log,
  'harmless after': (log, random) => log + harmless(random, 40),
  'in the middle': (log, random) => harmless(random, 300) + log + harmless(random, 300),
  'in the middle of much': (log, random) =>
    harmless(random, MANY_LINES) + log + harmless(random, MANY_LINES),
  'after a step that went well': (log) =>
    `#5 [builder 2/6] RUN apk add --no-cache git\n#5 DONE 3.1s\n#6 [builder 3/6] COPY go.mod go.sum ./\n#6 DONE 0.0s\n${log}`,
  'broken off after it': (log) => `${log}2025-03-14T10:1`,
  'broken off before it': (log) => `essfully copied 48 files\n${log}`,
  'a retry that failed alike': (log) => `${log}Retrying in 10 s (attempt 2 of 2)\n${log}`,
};
