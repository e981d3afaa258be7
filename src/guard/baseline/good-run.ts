/** What is kept of one run that succeeded, to compare later ones with. */
export interface GoodRun {
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Which runs are the same work: project, job, stage, kind of machine, line of Go, command. */
  readonly key: string;
  /** Whether modules had to be fetched from us: a run with a warm module cache is another thing. */
  readonly isCold: boolean;
  /** Of go.mod and go.sum: with other modules another time is legitimate. */
  readonly modulesDigest: string;
  /** By stage, in milliseconds. */
  readonly stages: Readonly<Record<string, number>>;
  readonly bytes: number;
  readonly modules: number;
  /** How many modules were there after so many seconds. */
  readonly progress: readonly (readonly [seconds: number, modules: number])[];
  /** What the build was made from, to name what has changed since. */
  readonly inputs: Readonly<Record<string, string>>;
}

/** Longer texts are no digests and no names. */
const LONGEST_TEXT = 400;
const MOST_ENTRIES = 60;

/** One line of a history; undefined where it is none. */
export function parseGoodRun(line: string): GoodRun | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { time, key, isCold, modulesDigest, stages, bytes, modules, progress, inputs }: Unread =
    value;
  if (!isCount(time) || !isText(key) || !isText(modulesDigest) || typeof isCold !== 'boolean') {
    return undefined;
  }
  if (!isCount(bytes) || !isCount(modules)) return undefined;
  if (!isRecord(stages, isCount) || !isRecord(inputs, isText)) return undefined;
  if (!Array.isArray(progress) || progress.length > MOST_ENTRIES) return undefined;
  const samples = progress.filter(isSample);
  return { time, key, isCold, modulesDigest, stages, bytes, modules, progress: samples, inputs };
}

type Unread = { readonly [K in keyof GoodRun]?: unknown };

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST_TEXT;
}

function isSample(value: unknown): value is readonly [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every(isCount);
}

function isRecord<T>(
  value: unknown,
  isRight: (one: unknown) => one is T,
): value is Readonly<Record<string, T>> {
  if (typeof value !== 'object' || value === null) return false;
  const values: readonly unknown[] = Object.values(value);
  return values.length <= MOST_ENTRIES && values.every(isRight);
}
