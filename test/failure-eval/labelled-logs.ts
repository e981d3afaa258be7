import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

/** What is true of a log; docs/failure-lab.md describes it as a format. */
export interface Truth {
  /** The cause, an id of the catalogue. */
  readonly id: string;
  /** Other ids that would be right as well. */
  readonly also?: readonly string[];
  /** Words of the line that proves it; any one of them is enough. */
  readonly evidence: readonly string[];
  /** Where it is not what the catalogue says of the id. */
  readonly retry?: string;
}

export interface LabelledLog {
  readonly name: string;
  readonly truth: Truth;
  readonly log: string;
}

/** All labelled logs below a folder: lines of `*.jsonl`, and `X.log` (or `X.txt`) with `X.json` beside it. */
export function readLabelledLogs(folder: string): readonly LabelledLog[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .flatMap((path) => {
      if (path.endsWith('.jsonl')) return readLines(path);
      return /\.(?:log|txt)$/u.test(path) ? readPair(path) : [];
    });
}

function readLines(path: string): readonly LabelledLog[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    const where = `${path}:${index + 1}`;
    const { name, truth, log } = parse(line, where);
    if (typeof log !== 'string') throw new Error(`${where}: "log" must be a text`);
    return [{ name: typeof name === 'string' ? name : where, truth: asTruth(truth, where), log }];
  });
}

function readPair(path: string): readonly LabelledLog[] {
  const beside = path.replace(/\.\w+$/u, '.json');
  const truth = parse(readFileSync(beside, 'utf8'), beside);
  // Logs may hold anything; what is not UTF-8 would be replaced anyway.
  const log = readFileSync(path, 'utf8');
  return [
    {
      name: basename(path).replace(/\.\w+$/u, ''),
      truth: asTruth(truth['truth'] ?? truth, beside),
      log,
    },
  ];
}

function parse(text: string, where: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw new Error(`${where}: not JSON: ${error instanceof Error ? error.message : ''}`, {
      cause: error,
    });
  }
}

function asTruth(value: unknown, where: string): Truth {
  const { id, also, evidence, retry } = (value ?? {}) as Record<string, unknown>;
  if (typeof id !== 'string') throw new Error(`${where}: truth has no "id"`);
  const texts = typeof evidence === 'string' ? [evidence] : evidence;
  return {
    id,
    evidence: isTexts(texts) ? texts : [],
    ...(isTexts(also) ? { also } : {}),
    ...(typeof retry === 'string' ? { retry } : {}),
  };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
