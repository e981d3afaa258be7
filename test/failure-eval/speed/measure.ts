import { createDiagnoser } from '../../../src/failures/index.ts';
import type { Diagnoser } from '../../../src/failures/index.ts';
import { createSeeded } from '../../support/seeded.ts';
import { inputs } from './inputs.ts';
import type { Bar } from '../score/bars.ts';

const MEGABYTE = 1_000_000;
/** One core must read so much in a second. */
const WANTED = 100;
/** Twice the size may take so much more than twice the time, and the worst input so much more than the usual one. */
const LINEAR_SLACK = 1.35;
const WORST_CASE = 3;
const MEMORY_MEGABYTES = 200;
/** Written at once, as pipes and files give it. */
const PIECE = 64 << 10;
const TRIES = 3;

/** Megabytes for each second of processor time. A program has one diagnoser for all its logs. */
function measure(diagnoser: Diagnoser, block: Buffer, megabytes: number): number {
  const diagnosis = diagnoser.start();
  const started = process.cpuUsage();
  let left = megabytes * MEGABYTE;
  for (let at = 0; left > 0; at = (at + PIECE) % block.length) {
    const piece = block.subarray(at, Math.min(at + PIECE, at + left));
    diagnosis.write(piece);
    left -= piece.length;
  }
  diagnosis.end();
  const { user, system } = process.cpuUsage(started);
  return megabytes / ((user + system) / 1e6);
}

/** Speed on a usual log, whether it grows as the log does, the memory, and inputs built to hurt. */
export function measureSpeed(megabytes: number, seed: string): readonly Bar[] {
  const { usual: makeUsual, ...worst } = inputs;
  const usual = makeUsual?.(createSeeded(seed)) ?? Buffer.alloc(0);
  const diagnoser = createDiagnoser();
  measure(diagnoser, usual, 20);
  const small = best(() => measure(diagnoser, usual, Math.max(10, megabytes / 4)));
  const large = best(() => measure(diagnoser, usual, megabytes));
  // In kibibytes.
  const memory = (process.resourceUsage().maxRSS * 1024) / MEGABYTE;
  const bars: Bar[] = [
    bar('speed, one core', `at least ${WANTED} MB/s`, `${large.toFixed(0)} MB/s`, large >= WANTED),
    bar(
      'linear',
      `four times the size in at most ${(4 * LINEAR_SLACK).toFixed(1)} times`,
      `${((4 * small) / large).toFixed(1)} times`,
      small / large <= LINEAR_SLACK,
    ),
    bar(
      'memory',
      `below ${MEMORY_MEGABYTES} MB`,
      `${memory.toFixed(0)} MB`,
      memory < MEMORY_MEGABYTES,
    ),
  ];
  for (const [name, make] of Object.entries(worst)) {
    const block = make(createSeeded(seed));
    const found = best(() => measure(diagnoser, block, megabytes / 8));
    bars.push(
      bar(
        `worst case: ${name}`,
        `at least ${(WANTED / WORST_CASE).toFixed(0)} MB/s`,
        `${found.toFixed(0)} MB/s`,
        found >= WANTED / WORST_CASE,
      ),
    );
  }
  return bars;
}

/** The machine has other things to do as well. */
function best(run: () => number): number {
  return Math.max(...Array.from({ length: TRIES }, run));
}

function bar(name: string, wanted: string, found: string, passed: boolean): Bar {
  return { name, wanted, found, passed };
}
