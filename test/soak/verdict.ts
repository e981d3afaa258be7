import type { Sample, SoakResult } from './soak.ts';

export interface SoakVerdict {
  readonly passed: number;
  readonly failed: number;
  readonly lines: readonly string[];
}

/** "Done when" 8 of issue 4. */
const MEMORY_GROWTH = 1.15;
const REFERENCE_MINUTES = 10;

/**
 * Memory and open files are compared at rest and at the same age of the server: a fresh process has
 * an empty memory tier, so other moments would compare warm with cold.
 */
export function judgeSoak(
  { samples, tally, restarts }: Pick<SoakResult, 'samples' | 'tally' | 'restarts'>,
  restartMinutes: number,
): SoakVerdict {
  // The last stretch may be shorter than the others.
  const ripe = samples.filter(
    ({ atRest, ageMinutes }) => atRest && ageMinutes >= restartMinutes * 0.9,
  );
  const last = ripe.at(-1);
  const reference = ripe.find(({ minute }) => minute >= REFERENCE_MINUTES) ?? ripe[0];
  const checks: readonly (readonly [boolean, string])[] = [
    [tally.answers > 0 && tally.wrong === 0, `${tally.wrong} wrong of ${tally.answers} answers`],
    [
      tally.unexpected === 0,
      `${tally.unexpected} unexpected errors; ${tally.whileRestarting} while restarting (${restarts} restarts)`,
    ],
    memoryCheck(reference, last),
    [
      reference !== undefined && last !== undefined && last.openFiles === reference.openFiles,
      `open files at rest: ${reference?.openFiles ?? '?'} then, ${last?.openFiles ?? '?'} at the end`,
    ],
  ];
  const passed = checks.filter(([isGood]) => isGood).length;
  return {
    passed,
    failed: checks.length - passed,
    lines: checks.map(([isGood, text]) => `${isGood ? 'ok  ' : 'MISS'} ${text}`),
  };
}

function memoryCheck(reference: Sample | undefined, last: Sample | undefined): [boolean, string] {
  if (reference === undefined || last === undefined)
    return [false, 'no stretch was long enough to compare memory'];
  const ratio = last.pssBytes / reference.pssBytes;
  return [
    ratio <= MEMORY_GROWTH,
    `memory at rest: ${mebibytes(reference)} MiB at minute ${reference.minute.toFixed(1)}, ` +
      `${mebibytes(last)} MiB at minute ${last.minute.toFixed(1)} (${ratio.toFixed(2)})`,
  ];
}

export function renderSamples(samples: readonly Sample[]): string {
  const lines = samples.map((sample) =>
    [
      sample.minute.toFixed(1).padStart(6),
      sample.ageMinutes.toFixed(1).padStart(5),
      String(sample.answers).padStart(9),
      String(mebibytes(sample)).padStart(6),
      String(sample.openFiles).padStart(6),
      String(sample.sockets).padStart(8),
      sample.atRest ? '  at rest' : '',
    ].join(' '),
  );
  return ['minute   age   answers    MiB  files  sockets', ...lines].join('\n');
}

function mebibytes({ pssBytes }: Sample): number {
  return Math.round(pssBytes / 2 ** 20);
}
