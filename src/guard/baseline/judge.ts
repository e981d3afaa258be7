import { catalogue } from '../../failures/index.ts';
import type { FailureClass } from '../../failures/index.ts';
import type { Finding } from '../../finding/index.ts';
import { SLOW_RATIO } from './compare.ts';
import type { Comparison } from './compare.ts';

/** Where to look first, in the words of reference alerting 4.5. */
export interface Verdict {
  readonly cause:
    | 'environment.upstream'
    | 'environment.runner'
    | 'dependency.missing'
    | 'dependency.tamper'
    | 'auth.credential'
    | 'code'
    | 'code-or-dependency'
    | 'unbaselined';
  readonly confidence: 'high' | 'medium' | 'low';
  /** With the numbers that it rests on. */
  readonly because: string;
}

export interface JudgedRun {
  readonly isTimedOut: boolean;
  /** Requests that the engine could not answer, and upstreams from which nothing came. */
  readonly engineFailures: number;
  readonly stalls: number;
  /** Files that the command asked for; undefined without an engine. */
  readonly files: number | undefined;
  readonly root: Finding | undefined;
}

const WRONG_BYTES = /mismatch|fork|bad-record/u;
const DENIED = /auth|forbidden|unauthorized|denied|publickey|secret-missing/u;
const ABSENT = /not-found|absent|unknown-revision|no-match|missing-gomod|not-available/u;
const CODE: ReadonlySet<string> = new Set(['compile-error', 'test-failure', 'lint-failure']);
const NETWORK: ReadonlySet<FailureClass> = new Set([
  'dns',
  'tcp',
  'tls',
  'forward-proxy',
  'transfer',
  'module-proxy',
  'checksum-database',
]);

/** Judges a run that failed; the first row that fits counts. Undefined where nothing is known. */
export function judge(run: JudgedRun, comparison: Comparison): Verdict | undefined {
  return judgeCause(run) ?? judgeDuration(run, comparison);
}

function judgeCause({ root, engineFailures, stalls }: JudgedRun): Verdict | undefined {
  const code = root?.code ?? '';
  const because = root === undefined ? '' : `${root.title} [${root.code}]`;
  if (WRONG_BYTES.test(code)) return { cause: 'dependency.tamper', confidence: 'high', because };
  if (DENIED.test(code)) return { cause: 'auth.credential', confidence: 'medium', because };
  if (ABSENT.test(code)) return { cause: 'dependency.missing', confidence: 'medium', because };
  // Other builds would tell whether it is systematic; one build alone cannot.
  const kind = catalogue.find(({ id }) => id === code)?.class;
  if (kind !== undefined && NETWORK.has(kind)) {
    return { cause: 'environment.upstream', confidence: 'medium', because };
  }
  if (CODE.has(code)) {
    // Everything was served, so nothing but the code is left.
    const isServed = engineFailures === 0 && stalls === 0;
    return { cause: 'code', confidence: isServed ? 'high' : 'medium', because };
  }
  if (root === undefined && engineFailures + stalls > 0) {
    const failed = `${engineFailures} request${engineFailures === 1 ? '' : 's'} failed`;
    const told = `${failed} and ${stalls} stalled upstream`;
    return { cause: 'environment.upstream', confidence: 'medium', because: told };
  }
  return undefined;
}

function judgeDuration(
  { isTimedOut, files, root }: JudgedRun,
  comparison: Comparison,
): Verdict | undefined {
  if (comparison.kind === 'no-baseline') {
    // A cause that is known needs no duration.
    if (root !== undefined) return undefined;
    const { runs, needed } = comparison;
    const because = `no baseline: ${runs} good runs of this work are known, ${needed} are needed; a potential stability problem`;
    return { cause: 'unbaselined', confidence: 'low', because };
  }
  const slow = comparison.stages.filter(({ ratio }) => ratio > SLOW_RATIO);
  if (slow.length > 0 && root === undefined) {
    const changed = comparison.changed.join(', ');
    const because = `${slow.map(tellStage).join('; ')}; changed since the last good run: ${changed === '' ? 'nothing that is known' : changed}`;
    return { cause: 'code-or-dependency', confidence: 'low', because };
  }
  if (!isTimedOut) return undefined;
  const told = comparison.stages.map(tellStage).join('; ');
  const stages = told === '' ? 'no stage came to its end' : `completed as usual: ${told}`;
  if (files === undefined || files === 0) {
    const because = `${stages}; the build did not ask the proxy for anything`;
    return { cause: 'environment.runner', confidence: 'low', because };
  }
  const { progress } = comparison;
  const modules =
    progress === undefined
      ? ''
      : `; ${progress.modules} module${progress.modules === 1 ? '' : 's'} after ${Math.round(progress.seconds)} s, usually ${progress.medianModules}`;
  return {
    cause: 'environment.runner',
    confidence: 'medium',
    because: `${stages}; all requests were answered${modules}`,
  };
}

/** `download 31.0 s, usually 20.0 s (18.2 to 24.9 s), ratio 1.55` */
export function tellStage(stage: {
  readonly name: string;
  readonly milliseconds: number;
  readonly medianMilliseconds: number;
  readonly leastMilliseconds: number;
  readonly mostMilliseconds: number;
  readonly ratio: number;
  readonly scale: 'time' | 'bytes';
}): string {
  const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1);
  const { name, milliseconds, medianMilliseconds, leastMilliseconds, mostMilliseconds } = stage;
  const spread = `(${seconds(leastMilliseconds)} to ${seconds(mostMilliseconds)} s)`;
  const scale = stage.scale === 'bytes' ? ' by the byte, since the modules changed' : '';
  return `${name} ${seconds(milliseconds)} s, usually ${seconds(medianMilliseconds)} s ${spread}, ratio ${stage.ratio.toFixed(2)}${scale}`;
}
