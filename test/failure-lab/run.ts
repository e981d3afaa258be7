// `npm run lab:failures`: breaks builds on purpose with the real go, and keeps their logs with what is true of them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { literatureLogs } from '../failure-eval/literature/literature.ts';
import { markPages } from './fixes/mark-pages.ts';
import { runFixes } from './fixes/run-fixes.ts';
import { runLab } from './run-lab.ts';
import { scenarios } from './scenarios/index.ts';
import { reasonNotToRun, runInside } from './world/namespace.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'test/failure-eval/logs' },
    seeds: { type: 'string', default: '1,2,3,4' },
    only: { type: 'string', default: '' },
    list: { type: 'boolean', default: false },
    show: { type: 'boolean', default: false },
    dry: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '4' },
    keep: { type: 'boolean', default: false },
    fixes: { type: 'boolean', default: false },
    mark: { type: 'boolean', default: false },
  },
});

/** What cannot be broken here, from the reference. */
function writeLiterature(split: 'train' | 'held-out'): void {
  mkdirSync(join(values.out, split), { recursive: true });
  const lines = literatureLogs(split).map((one) => JSON.stringify(one));
  writeFileSync(join(values.out, split, 'literature.jsonl'), `${lines.join('\n')}\n`);
}

/** Plants, mends, and tries the same command again. */
async function tryFixes(scratch: string, chosen: typeof scenarios): Promise<number> {
  const [seed = '1'] = values.seeds.split(',');
  const outcomes = await runFixes(
    scratch,
    chosen,
    { seed, jobs: Number(values.jobs) },
    ({ id, result, note }) => {
      console.log(`${result} ${id}: ${note}`);
    },
  );
  const count = (wanted: string): number =>
    outcomes.filter(({ result }) => result === wanted).length;
  console.log(`${count('fixed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
  return count('failed') === 0 && count('fixed') > 0 ? 0 : 1;
}

async function main(): Promise<number> {
  const chosen = scenarios.filter(({ id, name }) =>
    values.only.split(',').some((part) => `${id}/${name}`.includes(part)),
  );
  if (values.mark) {
    console.log(`${markPages()} pages say what was tried`);
    return 0;
  }
  if (values.list) {
    for (const { id, name } of chosen) console.log(`${id}/${name}`);
    return 0;
  }
  if (process.env['COFFERDAM_LAB_INSIDE'] === undefined) {
    const reason = reasonNotToRun();
    if (reason !== undefined) {
      console.log(`the laboratory cannot run: ${reason}`);
      return 1;
    }
    return runInside(import.meta.filename, process.argv.slice(2));
  }
  const scratch = mkdtempSync(join(tmpdir(), 'cofferdam-lab-'));
  try {
    if (values.fixes) return await tryFixes(scratch, chosen);
    const outcome = await runLab(scratch, chosen, {
      seeds: values.seeds.split(','),
      jobs: Number(values.jobs),
      show: values.show,
    });
    if (!values.dry) {
      for (const split of ['train', 'held-out'] as const) {
        writeLiterature(split);
      }
      for (const [split, lines] of outcome.splits) {
        mkdirSync(join(values.out, split), { recursive: true });
        for (const [file, text] of lines) writeFileSync(join(values.out, split, file), text);
      }
    }
    for (const line of outcome.notes) console.log(line);
    console.log(
      `${outcome.kept} logs kept, ${outcome.failed} not as planted, ${outcome.skipped} skipped`,
    );
    return outcome.failed === 0 && outcome.kept > 0 ? 0 : 1;
  } finally {
    if (!values.keep) rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

process.exitCode = await main();
