import assert from 'node:assert/strict';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import {
  createDiskFiles,
  createProcesses,
  createQuietLogger,
  createSystemClock,
  createSystemRandom,
} from '../platform/adapters.ts';
import type { Finding } from '../finding/index.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import type { WaitingRequest } from './engine.ts';
import type { FailureReader } from './failure-reader.ts';
import { createGuard } from './guard.ts';
import type { GuardOptions } from './needs.ts';
import type { RunSummary } from './run-summary.ts';

const goServices = {
  mirror: 'https://mirror.example',
  checksumDatabase: { name: 'sum.example', alias: { name: 'sum.other', url: 'https://x.example' } },
};

/** A module whose one dependency is not in the module cache, and a `go` made of two scripts. */
interface Stage {
  readonly said: string[];
  /** What the engine says that it waits for. */
  readonly waiting: WaitingRequest[];
  signal(name: NodeJS.Signals): void;
  run(command: readonly string[], options?: Partial<GuardOptions>): Promise<RunSummary>;
  /** The words after `go`, one line for each start but that of `go env`. */
  started(): Promise<readonly string[]>;
}

interface Scripts {
  readonly list?: string;
  readonly build?: string;
  readonly goSum?: string;
}

/** Takes everything with the word "reset" for something that passes. */
function createReader(): FailureReader {
  let text = '';
  return {
    write: (bytes) => {
      text += Buffer.from(bytes).toString();
    },
    end: (silent) => {
      const cause = silent === undefined ? text.trim() : `silent: ${silent.url}`;
      const isPassing = cause.includes('reset');
      const finding: Finding = {
        code: isPassing ? 'tcp-connection-reset' : 'compile-error',
        title: cause,
        explanation: '',
        severity: 'error',
        confidence: 1,
        evidence: [],
        retry: isPassing ? 'transient' : 'permanent',
        dependsOn: [],
        checked: 'no',
      };
      return { findings: [finding], text: cause, exitCode: isPassing ? 75 : undefined };
    },
  };
}

async function setStage(context: TestContext, scripts: Scripts = {}): Promise<Stage> {
  const folder = await temporaryFolder(context);
  const settings = {
    GOPROXY: 'https://a.example',
    GOSUMDB: 'off',
    GOMOD: join(folder, 'go.mod'),
    GOMODCACHE: join(folder, 'cache'),
  };
  const { goSum = `c.example/x v1.0.0 h1:${'a'.repeat(43)}=\n` } = scripts;
  await writeFile(join(folder, 'go.sum'), goSum);
  const lines = [
    '#!/bin/sh',
    `case "$1" in`,
    `env) cat <<'END'`,
    JSON.stringify(settings),
    'END',
    'exit 0;;',
    'esac',
    `echo "$*" >>'${folder}/started'`,
    `tries=$(grep -c "^$1 " '${folder}/started')`,
    'case "$1" in',
    `list) ${scripts.list ?? 'exit 0'};;`,
    `*) ${scripts.build ?? 'exit 0'};;`,
    'esac',
  ];
  await writeFile(join(folder, 'go'), `${lines.join('\n')}\n`);
  await chmod(join(folder, 'go'), 0o755);
  const said: string[] = [];
  const waiting: WaitingRequest[] = [];
  const listeners = new Set<(name: NodeJS.Signals) => void>();
  const random = createSystemRandom();
  const guard = createGuard(
    {
      processes: createProcesses(),
      clock: createSystemClock(),
      // Waits are some milliseconds then.
      random: { ...random, fraction: () => 0.005 },
      files: createDiskFiles(),
      logger: createQuietLogger(),
      environment: { PATH: `${folder}:/usr/bin:/bin`, HOME: folder },
      write: (text) => said.push(text),
      readFailure: createReader,
      signals: {
        listen: (_names, listener) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
      },
      startEngine: async () => ({
        address: 'http://127.0.0.1:1',
        summary: () => ({
          modules: 0,
          files: 0,
          bytesServed: 0,
          bytesFetched: 0,
          upstreamRequests: 0,
          retries: 0,
          failures: 0,
        }),
        waiting: () => waiting,
        notice: undefined,
        expect: () => undefined,
        stop: async () => undefined,
      }),
    },
    { goServices, stopLimits: { graceMilliseconds: 300, firmMilliseconds: 150 } },
  );
  return {
    said,
    waiting,
    signal: (name) => {
      for (const listener of listeners) listener(name);
    },
    run: async (command, options = {}) =>
      guard.run(command, { directory: folder, terminalOnStdin: false, ...options }),
    started: async () =>
      (await readFile(join(folder, 'started'), 'utf8').catch(() => '')).split('\n').filter(Boolean),
  };
}

const BUILD = ['go', 'build', '-tags', 'x', './...'];
const LIST = 'list -tags=x -deps -f {{""}} -- ./...';
const OWN = 'build -tags x ./...';

test('run() fetches what a go command needs before it starts, and tells both phases', async (context) => {
  const stage = await setStage(context);
  const summary = await stage.run(BUILD);
  assert.equal(summary.exitCode, 0);
  assert.deepEqual(await stage.started(), [LIST, OWN]);
  assert.deepEqual(
    summary.phases.map(({ name, outcome }) => `${name} ${outcome}`),
    ['prepare done', 'download done', 'command done', 'finish done'],
  );
});

test('run() fetches nothing beforehand where that is switched off, needless or not possible', async (context) => {
  const stage = await setStage(context);
  const reasons: (string | undefined)[] = [];
  for (const [command, options] of [
    [BUILD, { downloadFirst: false }],
    [['go', 'version'], {}],
    [['true'], {}],
  ] as const) {
    const { phases } = await stage.run(command, options);
    reasons.push(phases.find(({ name }) => name === 'download')?.detail);
  }
  const bare = await setStage(context, { goSum: '' });
  reasons.push((await bare.run(BUILD)).phases[1]?.detail);
  assert.deepEqual(reasons, [
    'switched off',
    '"go version" loads no packages that could be named beforehand',
    'it is no go command',
    'nothing is to be fetched',
  ]);
  assert.deepEqual(await bare.started(), [OWN]);
});

test('run() tries a download again that failed by what may pass, and then starts the command', async (context) => {
  const stage = await setStage(context, {
    list: 'if [ $tries -lt 3 ]; then echo connection reset >&2; exit 1; fi',
  });
  const summary = await stage.run(BUILD);
  assert.equal(summary.exitCode, 0);
  assert.deepEqual(await stage.started(), [LIST, LIST, LIST, OWN]);
  assert.deepEqual(
    summary.retries.map(({ phase, attempt, because }) => ({ phase, attempt, because })),
    [1, 2].map((attempt) => ({ phase: 'download', attempt, because: 'tcp-connection-reset' })),
  );
  assert.match(stage.said.join(''), /the download failed for what may pass \(tcp-conn.*try 2/);
});

test('run() tells what go said where no try of the download came through, and starts no build', async (context) => {
  const stage = await setStage(context, { list: 'echo connection reset >&2; exit 1' });
  const summary = await stage.run(BUILD);
  assert.equal(summary.exitCode, 1);
  assert.deepEqual(await stage.started(), [LIST, LIST, LIST]);
  assert.ok(stage.said.includes('connection reset\n'));
  assert.equal(summary.diagnosis[0]?.code, 'tcp-connection-reset');
  assert.equal((await stage.run(BUILD, { classifyExit: true })).exitCode, 75);
});

test('run() starts a test all the same, which goes on with the packages that load', async (context) => {
  const stage = await setStage(context, {
    list: 'echo connection reset >&2; exit 1',
    build: 'exit 7',
  });
  assert.equal((await stage.run(['go', 'test', './...'])).exitCode, 7);
});

test('run() leaves it to the command to say what is wrong for good, and never repeats it', async (context) => {
  const stage = await setStage(context, {
    list: 'echo no such package >&2; exit 1',
    build: 'echo x.go:1:1: syntax error >&2; exit 1',
  });
  const summary = await stage.run(BUILD, { retryCommand: 3 });
  assert.equal(summary.exitCode, 1);
  assert.deepEqual(await stage.started(), [LIST, OWN]);
  assert.deepEqual(summary.retries, []);
  assert.ok(!stage.said.some((text) => text.includes('no such package')));
});

test('run() starts a command again only where that was asked for', async (context) => {
  const build = 'if [ $tries -lt 3 ]; then echo connection reset >&2; exit 1; fi';
  const stage = await setStage(context, { build });
  assert.equal((await stage.run(BUILD)).exitCode, 1);
  const summary = await stage.run(BUILD, { retryCommand: 2 });
  assert.equal(summary.exitCode, 0);
  assert.deepEqual(summary.diagnosis, []);
  const commands = summary.phases.filter(({ name }) => name === 'command');
  assert.deepEqual(
    commands.map(({ attempt, outcome }) => `${attempt} ${outcome}`),
    ['1 failed', '2 done'],
  );
});

test('run() starts nothing again that somebody wanted to end', async (context) => {
  const stage = await setStage(context, {
    build: 'trap "echo connection reset >&2; exit 1" TERM; while :; do sleep 0.02; done',
  });
  const running = stage.run(BUILD, { retryCommand: 2 });
  while ((await stage.started()).length < 2) await new Promise((done) => setTimeout(done, 10));
  // The shell is up when it has written its line, and sets its trap a moment later.
  await new Promise((done) => setTimeout(done, 100));
  stage.signal('SIGTERM');
  assert.equal((await running).exitCode, 1);
  assert.equal((await stage.started()).length, 2);
});

test('run() obeys a signal while it downloads', async (context) => {
  const stage = await setStage(context, { list: 'sleep 60' });
  const running = stage.run(BUILD);
  while ((await stage.started()).length === 0) await new Promise((done) => setTimeout(done, 10));
  stage.signal('SIGINT');
  const summary = await running;
  assert.equal(summary.exitCode, 130);
  assert.equal((await stage.started()).length, 1);
});

for (const [phase, scripts] of [
  ['download', { list: 'sleep 60' }],
  ['command', { build: 'sleep 60' }],
] as const) {
  test(`run() ends a ${phase} that waits for a silent upstream, and names it`, async (context) => {
    const stage = await setStage(context, scripts);
    const url = 'https://a.example/x/@v/v1.0.0.zip';
    stage.waiting.push({ url, silentMilliseconds: 5000 });
    const limits = { stallNoticeMilliseconds: 100, stallTimeoutMilliseconds: 6000 };
    const running = stage.run(BUILD, { ...limits, classifyExit: true });
    while (stage.said.length === 0) await new Promise((done) => setTimeout(done, 10));
    assert.equal(stage.said[0], `cofferdam: nothing has come from ${url} for 5.0 s\n`);
    stage.waiting[0] = { url, silentMilliseconds: 6100 };
    const summary = await running;
    assert.equal(summary.exitCode, 124);
    assert.equal(summary.diagnosis[0]?.title, `silent: ${url}`);
    assert.equal(summary.stalls[0]?.url, url);
    const last = `cofferdam: stopped (--stall-timeout), when nothing had come from ${url} for 6.1 s\n`;
    assert.ok(stage.said.includes(last));
  });
}
