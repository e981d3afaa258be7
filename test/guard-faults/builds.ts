import type { FaultRule } from '../../src/drills/index.ts';
import type { Ground } from './ground.ts';

/** Builds with an empty module cache against an upstream of which some requests fail. */
export interface BuildFigures {
  readonly rounds: number;
  readonly guarded: number;
  readonly plain: number;
  readonly plainRounds: number;
  readonly medianMilliseconds: number;
  /** The share of the upstream's answers that failed. */
  readonly failedShare: number;
  /** The first failure of a guarded build. */
  readonly text: string;
}

/** Three ways in which a request fails, in equal parts. */
function failing(share: number): readonly FaultRule[] {
  const part = share / 3;
  return [
    { name: '503', share: part, fault: { kind: 'status', status: 503 } },
    { name: 'reset', share: part, fault: { kind: 'reset' } },
    { name: 'cut', share: part, fault: { kind: 'cut', afterBytes: 40, framing: 'length' } },
  ];
}

const BUILD = ['go', 'build', '-o', '/dev/null', '.'];
/** A build of this program takes seconds; retries and pauses may make it tens of them. */
const LIMIT_MILLISECONDS = 180_000;

export interface BuildSettings {
  readonly rounds: number;
  /** Plain `go` fails so surely that some rounds show it. */
  readonly plainRounds: number;
  readonly share: number;
  readonly seed: string;
  readonly tell: (text: string) => void;
}

export async function measureBuilds(
  ground: Ground,
  settings: BuildSettings,
): Promise<BuildFigures> {
  const { rounds, plainRounds, share, seed } = settings;
  const times: number[] = [];
  const asked = { requests: 0, failed: 0 };
  let guarded = 0;
  let plain = 0;
  let text = '';
  for (let round = 1; round <= rounds; round += 1) {
    const one = await buildOnce(ground, ['run', '--', ...BUILD], share, `${seed} ${round}`);
    asked.requests += one.requests;
    asked.failed += one.failed;
    times.push(one.milliseconds);
    if (one.code === 0) guarded += 1;
    else if (text === '') text = `round ${round}, code ${one.code ?? 'none'}: ${one.stderr}`;
    if (round <= plainRounds) {
      const without = await buildOnce(ground, BUILD, share, `${seed} ${round}`);
      if (without.code === 0) plain += 1;
    }
    if (round % 10 === 0) settings.tell(`${round} builds, ${round - guarded} failed`);
  }
  const medianMilliseconds = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
  const failedShare = asked.failed / Math.max(asked.requests, 1);
  return { rounds, guarded, plain, plainRounds, medianMilliseconds, failedShare, text };
}

interface Built {
  readonly code: number | undefined;
  readonly milliseconds: number;
  readonly stderr: string;
  readonly requests: number;
  readonly failed: number;
}

async function buildOnce(
  ground: Ground,
  command: readonly string[],
  share: number,
  seed: string,
): Promise<Built> {
  const origin = await ground.startOrigin(seed, failing(share));
  try {
    const limitMilliseconds = LIMIT_MILLISECONDS;
    const ended = await ground.run(command, { upstream: origin.url, limitMilliseconds });
    const counts = origin.counts();
    const failed = Object.values(counts.faults).reduce((sum, count) => sum + count, 0);
    return { ...ended, requests: counts.total.requests, failed };
  } finally {
    await origin.close();
  }
}
