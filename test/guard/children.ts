import { constants } from 'node:os';
import type { SeededRandom } from '../support/seeded.ts';

/** One command that `run` guards, and all that must come of it. */
export interface PlannedChild {
  readonly kind: string;
  /** Flags of `run`. */
  readonly flags: readonly string[];
  readonly command: readonly string[];
  readonly code: number;
  /** Bytes of the shared file that it must write; undefined where our own words stand beside them. */
  readonly stdout: Slice;
  readonly stderr: Slice | undefined;
  /** Of the shared file, on stdin. */
  readonly input: Slice;
  /** Sent to `run`, one after the other, once the child is ready. */
  readonly signals: readonly NodeJS.Signals[];
  /** What becomes of the process that it left running. */
  readonly left: 'alive' | 'gone' | undefined;
  /** The reference must end like this as well when it runs without us. */
  readonly isPlainAlike: boolean;
  readonly limitMilliseconds: number;
}

/** So many bytes from the start of the shared file. */
export type Slice = number;

/** As large as pipes, and our buffers, are not. */
export const SHARED_BYTES: number = 4 * 1024 * 1024;

/** Loaded machines take seconds to start two programs; a command that is lost takes for ever. */
const LIMIT_MILLISECONDS = 40_000;

const FATAL = 'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM'.split(' ');
const ASKING: readonly string[] = ['TERM', 'INT', 'HUP', 'QUIT'];

type Maker = (random: SeededRandom) => Omit<Partial<PlannedChild>, 'kind'> & { script?: string };

/** Each as likely as its number. */
const KINDS: readonly (readonly [kind: string, weight: number, make: Maker])[] = [
  ['code', 12, plain(() => '')],
  ['slow', 8, plain((random) => `sleep 0.${random.whole(10)}; `)],
  ['own signal', 10, ownSignal],
  ['output', 14, output],
  ['stdin', 6, stdin],
  ['closed streams', 5, plain(() => 'exec <&- >&- 2>&-; sleep 0.1; ')],
  ['many children', 4, plain(() => 'for one in 1 2 3 4 5 6 7 8; do (exit $one) & done; wait; ')],
  ['code of a grandchild', 4, plain(() => '(sleep 0.2; exit 99) >/dev/null 2>&1 & ')],
  ['leaves a stubborn one', 6, leaves('>/dev/null 2>&1 </dev/null')],
  ['leaves one that holds its streams', 5, leaves('')],
  ['asked to stop', 8, stopped],
  ['answers a signal', 6, answers],
  ['answers USR1', 3, (random) => answersTo(random, random.whole(2) === 0 ? 'USR1' : 'USR2')],
  ['deaf', 2, deaf],
  ['stopped, stubborn one behind', 2, stubborn],
  ['time is over', 3, overtime],
  ['not there', 2, () => ({ command: ['./no-such-program'], code: 127, stderr: undefined })],
  ['no program', 2, () => ({ command: ['./plain'], code: 126, stderr: undefined })],
];

export function pickChild(random: SeededRandom): PlannedChild {
  const total = KINDS.reduce((sum, [, weight]) => sum + weight, 0);
  let rest = random.whole(total);
  const found = KINDS.find(([, weight]) => (rest -= weight) < 0) ?? KINDS[0];
  if (found === undefined) throw new Error('there are no kinds');
  const [kind, , make] = found;
  const { script = '', ...made } = make(random);
  return {
    kind,
    flags: [],
    command: ['sh', '-c', `ulimit -c 0; echo $$ >pid; ${script}`],
    code: 0,
    stdout: 0,
    stderr: 0,
    input: 0,
    signals: [],
    left: undefined,
    isPlainAlike: false,
    limitMilliseconds: LIMIT_MILLISECONDS,
    ...made,
  };
}

function plain(before: (random: SeededRandom) => string): Maker {
  return (random) => {
    const code = random.whole(256);
    return { script: `${before(random)}exit ${code}`, code, isPlainAlike: true };
  };
}

function ownSignal(random: SeededRandom): ReturnType<Maker> {
  const name = pick(random, FATAL);
  return { script: `kill -${name} $$; sleep 5`, code: codeOf(name), isPlainAlike: true };
}

/** Small and large, to one stream, the other, or both. */
function output(random: SeededRandom): ReturnType<Maker> {
  const size = (): number => random.whole(2 ** (1 + random.whole(22)));
  const stdout = size();
  const stderr = size();
  const code = random.whole(4);
  const script = `head -c ${stdout} bytes; head -c ${stderr} bytes >&2; exit ${code}`;
  return { script, stdout, stderr, code, isPlainAlike: true };
}

function stdin(random: SeededRandom): ReturnType<Maker> {
  const input = random.whole(2 ** (1 + random.whole(21)));
  const code = random.whole(256);
  const stream = random.whole(2) === 0 ? 'stdout' : 'stderr';
  const script = `cat${stream === 'stderr' ? ' >&2' : ''}; exit ${code}`;
  return { script, input, [stream]: input, code, isPlainAlike: true };
}

/** It outlives the command: nobody asked anything to stop. */
function leaves(streams: string): Maker {
  return (random) => {
    const code = random.whole(256);
    const stderr = random.whole(100_000);
    const script = `${deafOne(streams)} head -c ${stderr} bytes >&2; exit ${code}`;
    return { script, code, stderr, left: 'alive' };
  };
}

function stopped(random: SeededRandom): ReturnType<Maker> {
  const name = pick(random, ASKING);
  return { script: 'echo >begun; exec sleep 60', signals: [signal(name)], code: codeOf(name) };
}

function answers(random: SeededRandom): ReturnType<Maker> {
  return answersTo(random, pick(random, ASKING));
}

function answersTo(random: SeededRandom, name: string): ReturnType<Maker> {
  const code = random.whole(256);
  const script = `trap 'exit ${code}' ${name}; echo >begun; while :; do sleep 0.05; done 2>/dev/null`;
  return { script, signals: [signal(name)], code };
}

/** The second request is made firm. */
function deaf(random: SeededRandom): ReturnType<Maker> {
  const name = pick(random, ASKING);
  const script = `trap '' ${name}; echo >begun; while :; do sleep 0.05; done`;
  return { script, signals: [signal(name), signal(name)], code: codeOf('KILL') };
}

/** It obeys, what it started does not, and is gone with it all the same. */
function stubborn(random: SeededRandom): ReturnType<Maker> {
  const name = pick(random, ASKING);
  const script = `${deafOne('>/dev/null 2>&1')} echo >begun; exec sleep 60`;
  return { script, signals: [signal(name)], code: codeOf(name), left: 'gone' };
}

function overtime(random: SeededRandom): ReturnType<Maker> {
  const isDeaf = random.whole(3) === 0;
  const script = `${isDeaf ? "trap '' TERM; " : ''}while :; do sleep 0.05; done 2>/dev/null`;
  return { script, flags: ['--timeout', '3s'], code: 124, stderr: undefined };
}

/** Ignores all that can be ignored, and ends by itself in the end. */
function deafOne(streams: string): string {
  return `(trap '' TERM INT HUP QUIT; exec sleep 60) ${streams} & echo $! >left;`;
}

function pick(random: SeededRandom, names: readonly string[]): string {
  return names[random.whole(names.length)] ?? 'TERM';
}

function signal(name: string): NodeJS.Signals {
  return `SIG${name}` as NodeJS.Signals;
}

function codeOf(name: string): number {
  return 128 + constants.signals[signal(name)];
}
