import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createDiskFiles, createSystemRandom } from '../../platform/adapters.ts';
import { createTestClock } from '../../../test/support/test-clock.ts';
import type { TestClock } from '../../../test/support/test-clock.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import type { PhaseName, PhaseOutcome, RunEvent } from '../run-events.ts';
import type { RunSummary } from '../run-summary.ts';
import { detectBuildSystem } from './build-system.ts';
import type { BuildSystemName } from './build-system.ts';
import { startRunReporter } from './create-run-reporter.ts';
import type { RunReporter, RunReporterSettings } from './create-run-reporter.ts';
import { createMasker } from './masker.ts';

interface Stage {
  readonly folder: string;
  readonly clock: TestClock;
  readonly said: string[];
  start(system: BuildSystemName, more?: Partial<RunReporterSettings>): Promise<RunReporter>;
}

async function setStage(context: TestContext): Promise<Stage> {
  const folder = await temporaryFolder(context);
  const clock = createTestClock();
  const said: string[] = [];
  const needs = {
    clock,
    files: createDiskFiles(),
    random: createSystemRandom(),
    processes: {
      run: async () => ({
        code: 0,
        signal: undefined,
        stdout: Buffer.from('{"GOVERSION":"go1.26.8"}'),
        stderr: Buffer.alloc(0),
      }),
      start: () => assert.fail('nothing is started here'),
    },
    environment: { A_TOKEN: 'hunter2-hunter2' },
    masker: createMasker({ A_TOKEN: 'hunter2-hunter2' }),
    write: (text: string): void => {
      if (text !== '') said.push(text);
    },
  };
  return {
    folder,
    clock,
    said,
    start: (system, more = {}) =>
      startRunReporter(needs, {
        command: ['go', 'test', './...'],
        directory: folder,
        system: detectBuildSystem({}, system),
        isQuiet: false,
        places: { directory: folder, folder: undefined, files: [] },
        log: undefined,
        heartbeatMilliseconds: undefined,
        seesAll: false,
        history: undefined,
        platform: 'x/y',
        networkShut: undefined,
        ...more,
      }),
  };
}

function begun(name: PhaseName): RunEvent {
  return { kind: 'phase-begun', name, attempt: 1, startedMilliseconds: 0 };
}

function ended(name: PhaseName, outcome: PhaseOutcome = 'done'): RunEvent {
  const times = { startedMilliseconds: 0, endedMilliseconds: 1, durationMilliseconds: 1 };
  return { kind: 'phase-ended', phase: { name, attempt: 1, ...times, outcome } };
}

const passed: RunSummary = {
  exitCode: 0,
  durationMilliseconds: 10,
  engine: undefined,
  notices: [],
  diagnosis: [],
  phases: [],
  retries: [],
  stalls: [],
};

test('a download that is skipped leaves no empty group, one with words is folded', async (context) => {
  const stage = await setStage(context);
  const reporter = await stage.start('github');
  reporter.observe(begun('download'));
  reporter.observe(ended('download', 'skipped'));
  assert.deepEqual(stage.said, []);
  reporter.observe(begun('download'));
  reporter.write('cofferdam: the download failed with hunter2-hunter2\n');
  reporter.observe(ended('download'));
  assert.deepEqual(stage.said, [
    '::group::cofferdam: modules\n',
    'cofferdam: the download failed with [hidden]\n',
    '::endgroup::\n',
  ]);
  await reporter.close();
});

test('a download that takes its time is opened without a word', async (context) => {
  const stage = await setStage(context);
  const reporter = await stage.start('azure');
  reporter.observe(begun('download'));
  await stage.clock.advance(600);
  assert.deepEqual(stage.said, ['##[group]cofferdam: modules\n']);
  reporter.observe(ended('download'));
  assert.equal(stage.said.at(-1), '##[endgroup]\n');
  await reporter.close();
  assert.equal(stage.clock.pending(), 0);
});

test('a report that cannot be written at the end is said, and the others are written', async (context) => {
  const stage = await setStage(context);
  await mkdir(join(stage.folder, 'gone'));
  const files = [
    { kind: 'json', flag: '--summary-file', path: 'gone/run.json' },
    { kind: 'variables', flag: '--dotenv-file', path: 'run.env' },
  ] as const;
  const places = { directory: stage.folder, folder: undefined, files };
  const reporter = await stage.start('none', { places });
  await rm(join(stage.folder, 'gone'), { recursive: true });
  await writeFile(join(stage.folder, 'gone'), 'a file');
  await reporter.end(passed);
  assert.match(stage.said.join(''), /^cofferdam: error: \S+gone\/run\.json was not written: .+\n$/);
  assert.match(
    await readFile(join(stage.folder, 'run.env'), 'utf8'),
    /^COFFERDAM_RUN_EXIT_CODE=0$/m,
  );
});

test('a history that cannot be used fails nothing', async (context) => {
  const stage = await setStage(context);
  await mkdir(join(stage.folder, 'history'));
  const history = { path: 'history', isNamed: false, byStage: false };
  const reporter = await stage.start('gitlab', { history });
  await reporter.end(passed);
  assert.match(stage.said.join(''), /^cofferdam: the good runs in \S+ cannot be used: .+\n$/);
});

test('a quiet reporter writes files and says nothing', async (context) => {
  const stage = await setStage(context);
  const places = { directory: stage.folder, folder: 'reports', files: [] };
  const reporter = await stage.start('github', {
    places,
    isQuiet: true,
    heartbeatMilliseconds: 10,
  });
  reporter.observe(begun('command'));
  await stage.clock.advance(1000);
  await reporter.end(passed);
  assert.deepEqual(stage.said, []);
  assert.match(await readFile(join(stage.folder, 'reports', 'run.json'), 'utf8'), /"exitCode":0/);
});

test('good runs of one command are compared, those of another are not, unless the stage was named', async (context) => {
  const stage = await setStage(context);
  const history = { path: 'runs.jsonl', isNamed: true, byStage: false };
  for (let count = 0; count < 3; count += 1) {
    await (await stage.start('gitlab', { history })).end(passed);
  }
  stage.said.length = 0;
  await (await stage.start('gitlab', { history, command: ['go', 'vet'] })).end(passed);
  await (await stage.start('gitlab', { history })).end(passed);
  assert.deepEqual(stage.said, [
    'cofferdam: no baseline: 0 good runs of this work are known, 3 are needed\n',
    'cofferdam: compared with 3 good runs: no stage came to its end\n',
  ]);
  stage.said.length = 0;
  for (const name of ['/tmp/a1', '/tmp/b2', '/tmp/c3', '/tmp/d4']) {
    const settings = { history: { ...history, byStage: true }, command: ['make', name] };
    await (await stage.start('gitlab', settings)).end(passed);
  }
  assert.match(stage.said.at(-1) ?? '', /compared with 3 good runs/);
});
