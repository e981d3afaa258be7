// `npm run eval:failures -- [DIR]`: how well `cofferdam diagnose` reads labelled logs, and how fast.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createNearestNeighbour, lastErrorLine, twoRules } from './baselines/baselines.ts';
import { createClassifier, expectations, knownIds } from './classifier.ts';
import { readLabelledLogs } from './labelled-logs.ts';
import type { LabelledLog } from './labelled-logs.ts';
import { judgeFigures } from './score/bars.ts';
import type { Bar } from './score/bars.ts';
import { figuresOf, scoreLog } from './score/score.ts';
import type { Answer, Figures, Scored } from './score/score.ts';
import { measureSpeed } from './speed/measure.ts';
import { barsAsText, figuresAsText } from './table.ts';
import { wrapLogs } from './wrap/wrap.ts';

const OUR_LOGS = join(import.meta.dirname, 'logs');
const BLIND_LOGS = join(import.meta.dirname, 'blind');
const WRAPPINGS = 3;
/** Fewer logs of an id say nothing about it. */
const LEAST_LOGS = 3;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    seed: { type: 'string', default: '1' },
    'list-misses': { type: 'boolean', default: false },
    wrappings: { type: 'string' },
    'speed-megabytes': { type: 'string', default: '256' },
    'no-speed': { type: 'boolean', default: false },
    'speed-only': { type: 'boolean', default: false },
  },
});

function evaluate(
  logs: readonly LabelledLog[],
  answer: (log: string) => Answer,
): readonly Scored[] {
  return logs.map((log) => scoreLog(log, answer(log.log), expectations));
}

/** Without those that read like one in `train`: under another seed nothing in them varied. */
function unseen(logs: readonly LabelledLog[]): readonly LabelledLog[] {
  const seen = new Set(readLabelledLogs(join(OUR_LOGS, 'train')).map(({ log }) => log));
  return logs.filter(({ log }) => !seen.has(log));
}

/** Every id has enough logs in the two splits together. */
function judgeCoverageOfIds(): Bar {
  const counts = new Map<string, number>();
  for (const { truth } of readLabelledLogs(OUR_LOGS))
    counts.set(truth.id, (counts.get(truth.id) ?? 0) + 1);
  const few = knownIds.filter((id) => (counts.get(id) ?? 0) < LEAST_LOGS);
  const some = few.length > 6 ? `${few.slice(0, 6).join(', ')} …` : few.join(', ');
  return {
    name: `ids with ${LEAST_LOGS} logs or more`,
    wanted: `all ${knownIds.length}`,
    found: `${knownIds.length - few.length}${few.length === 0 ? '' : ` (not ${some})`}`,
    passed: few.length === 0,
  };
}

/** Logs that were written, and labelled, by somebody who had not read the rules: against the bars for logs of others. */
function blindBars(): readonly Bar[] {
  const figures = figuresOf(
    evaluate(readLabelledLogs(BLIND_LOGS), createClassifier()),
    expectations,
  );
  return judgeFigures(figures, 'foreign').map((bar) => ({ ...bar, name: `blind: ${bar.name}` }));
}

/** In a process of its own, whose memory is that of the classifier alone. */
function speedBars(): readonly Bar[] {
  const size = ['--speed-megabytes', values['speed-megabytes'], '--seed', values.seed];
  const said = execFileSync(process.execPath, [import.meta.filename, '--speed-only', ...size], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(said.toString()) as Bar[];
}

function describeMiss({ log, answer, evidenceRight, right }: Scored): string {
  const what = right ? (evidenceRight ? 'retry' : 'evidence') : 'id';
  const shown = (answer.evidence[0] ?? '').slice(0, 160);
  return `${what}: ${log.name}: is ${log.truth.id}, said ${answer.id ?? 'nothing'} [${answer.retry ?? ''}]: ${JSON.stringify(shown)}`;
}

function main(): number {
  if (values['speed-only']) {
    console.log(JSON.stringify(measureSpeed(Number(values['speed-megabytes']), values.seed)));
    return 0;
  }
  const own = positionals.length === 0;
  const folder = positionals[0] ?? join(OUR_LOGS, 'held-out');
  const all = readLabelledLogs(folder);
  const raw = own ? unseen(all) : all;
  if (raw.length === 0) {
    console.log(`no labelled logs in ${folder}: docs/failure-lab.md tells the format`);
    return 2;
  }
  const unknown = raw.find(({ truth }) => !knownIds.includes(truth.id));
  if (unknown !== undefined) {
    console.log(`${unknown.name}: ${unknown.truth.id} is no id of the catalogue`);
    return 2;
  }
  const isTraining = folder.replace(/\/+$/u, '').endsWith('train');
  const count = Number(values.wrappings ?? (own || isTraining ? WRAPPINGS : 0));
  const logs = wrapLogs(raw, count, isTraining ? 'open' : 'all', values.seed);
  const scored = evaluate(logs, createClassifier());
  const examples = wrapLogs(
    readLabelledLogs(join(OUR_LOGS, 'train')),
    WRAPPINGS,
    'open',
    values.seed,
  );
  const neighbour = createNearestNeighbour(examples, (id) => expectations.retryOf(id));
  const figures: Record<string, Figures> = {
    diagnose: figuresOf(scored, expectations),
    'last error line': figuresOf(evaluate(logs, lastErrorLine), expectations),
    'two rules': figuresOf(evaluate(logs, twoRules), expectations),
    'nearest neighbour': figuresOf(evaluate(logs, neighbour), expectations),
  };
  const bars = [
    ...judgeFigures(figures['diagnose'] as Figures, own || isTraining ? 'own' : 'foreign'),
    ...(own ? [judgeCoverageOfIds(), ...blindBars()] : []),
    ...(values['no-speed'] ? [] : speedBars()),
  ];
  const misses = scored.filter(
    ({ right, evidenceRight, answer, expectedRetry }) =>
      !right || !evidenceRight || (expectedRetry !== undefined && answer.retry !== expectedRetry),
  );
  if (values['list-misses']) for (const miss of misses) console.log(describeMiss(miss));
  const ids = new Set(raw.map(({ truth }) => truth.id)).size;
  if (all.length > raw.length)
    console.log(`${all.length - raw.length} logs that read like one in train are left out`);
  console.log(
    `${folder}: ${raw.length} logs of ${ids} ids, ${logs.length} with their wrappings, seed ${values.seed}\n`,
  );
  console.log(`${figuresAsText(figures)}\n`);
  console.log(`${barsAsText(bars)}\n`);
  if (values.json !== undefined) {
    const rows = scored.map(({ log, answer, right, evidenceRight, expectedRetry }) => ({
      name: log.name,
      id: log.truth.id,
      said: answer.id ?? null,
      right,
      evidenceRight,
      retry: answer.retry ?? null,
      expectedRetry: expectedRetry ?? null,
    }));
    writeFileSync(values.json, `${JSON.stringify({ version: 1, figures, bars, rows })}\n`);
  }
  const failed = bars.filter(({ passed }) => !passed).length;
  console.log(`${bars.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = main();
