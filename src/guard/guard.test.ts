import assert from 'node:assert/strict';
import { chmod, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import {
  createDiskFiles,
  createQuietLogger,
  createSystemClock,
  createProcesses,
  createSystemRandom,
} from '../platform/adapters.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import type { EngineRequest, ExpectedModule } from './engine.ts';
import type { FailureReader } from './failure-reader.ts';
import { createGuard } from './guard.ts';
import type { GuardNeeds, GuardOptions } from './needs.ts';
import type { RunSummary } from './run-summary.ts';

/** A guard in a folder of its own, with a `go` that answers as told and an engine that only counts. */
interface Stage {
  readonly folder: string;
  readonly requests: EngineRequest[];
  /** What the engine was told to expect. */
  readonly expected: ExpectedModule[];
  readonly said: string[];
  /** True while the engine is there. */
  engineRuns(): boolean;
  signal(name: NodeJS.Signals): void;
  run(script: string, options?: Partial<GuardOptions>): Promise<RunSummary>;
  runCommand(command: readonly string[], options?: Partial<GuardOptions>): Promise<RunSummary>;
  read(name: string): Promise<string>;
  /** Resolves when the script under test has made this file. */
  appears(name: string): Promise<void>;
}

interface StageParts {
  readonly goEnvironment?: Readonly<Record<string, string>> | 'missing' | 'broken';
  readonly variables?: Readonly<Record<string, string>>;
  readonly startEngine?: GuardNeeds['startEngine'];
  readonly readFailure?: GuardNeeds['readFailure'];
}

const proxied = {
  GOPROXY: 'https://a.example,direct',
  GOSUMDB: 'sum.golang.org',
  GONOSUMDB: 'b.example',
};

const goServices = {
  mirror: 'https://mirror.example',
  checksumDatabase: {
    name: 'sum.golang.org',
    alias: { name: 'sum.golang.google.cn', url: 'https://sum.golang.google.cn' },
  },
};

function createDeafReader(): FailureReader {
  return {
    write: () => undefined,
    end: () => ({ findings: [], text: '', exitCode: undefined }),
  };
}

async function setStage(context: TestContext, parts: StageParts = {}): Promise<Stage> {
  const folder = await temporaryFolder(context);
  const { goEnvironment = { ...proxied, GOAUTH: 'netrc' } } = parts;
  if (goEnvironment !== 'missing') {
    const body =
      goEnvironment === 'broken' ? 'exit 2' : `cat <<'END'\n${JSON.stringify(goEnvironment)}\nEND`;
    await writeFile(join(folder, 'go'), `#!/bin/sh\n${body}\n`);
    await chmod(join(folder, 'go'), 0o755);
  }
  const requests: EngineRequest[] = [];
  const expected: ExpectedModule[] = [];
  const said: string[] = [];
  const listeners = new Set<(name: NodeJS.Signals) => void>();
  let engines = 0;
  const needs: GuardNeeds = {
    processes: createProcesses(),
    clock: createSystemClock(),
    random: createSystemRandom(),
    files: createDiskFiles(),
    logger: createQuietLogger(),
    environment: { PATH: `${folder}:/usr/bin:/bin`, HOME: folder, ...parts.variables },
    write: (text) => said.push(text),
    readFailure: parts.readFailure ?? createDeafReader,
    signals: {
      listen: (_names, listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    startEngine: async (request) => {
      requests.push(request);
      const engine = await parts.startEngine?.(request);
      if (engine !== undefined) return engine;
      engines += 1;
      return {
        address: 'http://127.0.0.1:1',
        summary: () => ({
          modules: 2,
          files: 5,
          bytesServed: 1500,
          bytesFetched: 0,
          upstreamRequests: 3,
          retries: 0,
          failures: 0,
        }),
        waiting: () => [],
        expect: (modules) => {
          expected.push(...modules);
        },
        stop: async () => {
          engines -= 1;
        },
      };
    },
  };
  const guard = createGuard(needs, {
    goServices,
    stopLimits: { graceMilliseconds: 300, firmMilliseconds: 150 },
  });
  async function runCommand(
    command: readonly string[],
    options: Partial<GuardOptions> = {},
  ): Promise<RunSummary> {
    const summary = await guard.run(command, {
      directory: folder,
      terminalOnStdin: false,
      ...options,
    });
    assert.equal(listeners.size, 0, 'the signals are given back');
    assert.equal(engines, 0, 'the engine is stopped');
    return summary;
  }
  function read(name: string): Promise<string> {
    return readFile(join(folder, name), 'utf8');
  }
  return {
    folder,
    requests,
    expected,
    said,
    engineRuns: () => engines > 0,
    signal: (name) => {
      for (const listener of listeners) listener(name);
    },
    run: (script, options) => runCommand(['/bin/sh', '-c', `exec 2>/dev/null; ${script}`], options),
    runCommand,
    read,
    appears: async (name) => {
      while ((await read(name).catch(() => '')) === '') await pause(10);
    },
  };
}

test('run() gives the child its own environment with only GOPROXY changed', async (context) => {
  const stage = await setStage(context, {
    variables: { GOFLAGS: '-mod=mod', GOPROXY: 'ignored: go env decides' },
  });
  await stage.run('env >seen');
  const [request] = stage.requests;
  assert.equal(request?.upstream, 'https://a.example');
  assert.equal(request.sumdb, 'sum.golang.org');
  assert.equal(request.noSumdbPatterns, 'b.example');
  assert.match(request.secretPath, /^\/-\/run\/[0-9a-f]{32}$/);
  assert.equal(request.credentials.goauth, 'netrc');
  const seen = new Map(
    (await stage.read('seen'))
      .trim()
      .split('\n')
      .map((line) => {
        const [name = '', ...value] = line.split('=');
        return [name, value.join('=')] as const;
      }),
  );
  assert.equal(seen.get('GOPROXY'), `http://127.0.0.1:1${request.secretPath},direct`);
  assert.equal(seen.get('GOFLAGS'), '-mod=mod');
  assert.equal(seen.get('GOSUMDB'), undefined);
});

test('run() never uses the same secret path twice', async (context) => {
  const stage = await setStage(context);
  await stage.run('true');
  await stage.run('true');
  assert.notEqual(stage.requests[0]?.secretPath, stage.requests[1]?.secretPath);
});

test('run() tells the engine what go.sum has, before the command starts', async (context) => {
  const stage = await setStage(context);
  const GOMOD = join(stage.folder, 'go.mod');
  const settings = JSON.stringify({ ...proxied, GOMOD });
  await writeFile(join(stage.folder, 'go'), `#!/bin/sh\ncat <<'END'\n${settings}\nEND\n`);
  const hash = `h1:${'a'.repeat(43)}=`;
  await writeFile(join(stage.folder, 'go.sum'), `c.example/x v1.0.0 ${hash}\n`);
  await stage.run('true');
  const [request] = stage.requests;
  assert.deepEqual(request?.expectedHashes, [
    { path: 'c.example/x', version: 'v1.0.0', kind: 'zip', hash, place: 'go.sum:1' },
  ]);
  await truncate(join(stage.folder, 'go.sum'), 17 * 1024 * 1024);
  assert.equal((await stage.run('exit 3')).exitCode, 3);
  assert.deepEqual(stage.requests[1]?.expectedHashes, []);
  assert.match(stage.said.join(''), /go\.sum cannot tell right answers from wrong ones: .* larger/);
});

test('run() moves the URL of a checksum database into the engine', async (context) => {
  const key = 'db.example+be3f7f1a+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';
  const stage = await setStage(context, {
    goEnvironment: { ...proxied, GOSUMDB: `${key} https://sum.example` },
  });
  await stage.run('echo "$GOSUMDB" >seen');
  assert.equal(stage.requests[0]?.sumdb, `${key} https://sum.example`);
  assert.equal(await stage.read('seen'), `${key}\n`);
});

test('run() says why it leaves a list as it is, and runs the command all the same', async (context) => {
  const stage = await setStage(context, { goEnvironment: { ...proxied, GOPROXY: 'direct' } });
  const summary = await stage.run('exit 4');
  assert.equal(summary.exitCode, 4);
  assert.deepEqual(stage.requests, []);
  assert.deepEqual(stage.said, [
    'cofferdam: running without the engine: GOPROXY begins with "direct", so it stays as it is\n',
  ]);
});

test('run() says where --offline does not bind what go does by itself', async (context) => {
  for (const [GOPROXY, isSaid] of [
    ['direct', true],
    ['https://a.example|direct', true],
    ['https://a.example,direct', false],
  ] as const) {
    const stage = await setStage(context, { goEnvironment: { ...proxied, GOPROXY } });
    await stage.run('exit 0', { offline: true });
    assert.equal(stage.said.join('').includes('--offline binds the engine'), isSaid, GOPROXY);
  }
});

for (const goEnvironment of ['missing', 'broken'] as const) {
  test(`run() falls back to the environment where go is ${goEnvironment}`, async (context) => {
    const stage = await setStage(context, {
      goEnvironment,
      variables: {
        GOPROXY: 'https://c.example|off',
        GOPRIVATE: 'd.example',
        ...(goEnvironment === 'missing' ? { PATH: '/nowhere' } : {}),
      },
    });
    await stage.run('echo "$GOPROXY" >seen');
    assert.equal(stage.requests[0]?.upstream, 'https://c.example');
    assert.equal(stage.requests[0]?.noSumdbPatterns, 'd.example');
    assert.match(await stage.read('seen'), /[0-9a-f]{32}\n$/);
    assert.match(stage.said[0] ?? '', /taking Go's settings from the environment and its defaults/);
  });
}

test('run() does not run the command where the engine cannot start', async (context) => {
  const stage = await setStage(context, {
    startEngine: () => Promise.reject(new Error('no port is free')),
  });
  const summary = await stage.run('touch ran');
  assert.equal(summary.exitCode, 125);
  await assert.rejects(stage.read('ran'));
  assert.deepEqual(stage.said, [
    'cofferdam: error: the command was not started: no port is free\n',
  ]);
});

test('run() keeps the engine until the command has ended', async (context) => {
  const stage = await setStage(context);
  const running = stage.run('touch begun; echo >>begun; while [ ! -e go-on ]; do sleep 0.02; done');
  await stage.appears('begun');
  assert.equal(stage.engineRuns(), true);
  await writeFile(join(stage.folder, 'go-on'), '');
  assert.equal((await running).exitCode, 0);
});

test('run() tells the summary in one line, or not at all', async (context) => {
  const stage = await setStage(context);
  await stage.run('exit 3');
  assert.equal(stage.said.length, 1);
  assert.match(
    stage.said[0] ?? '',
    /^cofferdam: 2 modules \(1.5 kB\), 3 upstream requests \(0 B\), 0 retries, \d+\.\d s\n$/,
  );
  await stage.run('true', { quiet: true });
  assert.equal(stage.said.length, 1);
});

test('run() starts the command itself with what stands before it, and with variables of its own', async (context) => {
  const stage = await setStage(context, { variables: { A: 'old', B: 'old' } });
  const child = { prefix: ['env', 'C=prefix'], variables: { B: 'new' } };
  await stage.run('echo "$A $B $C" >got', { child });
  assert.equal(await stage.read('got'), 'old new prefix\n');
});

test('run() tells a command that is not there from one that cannot be executed', async (context) => {
  const stage = await setStage(context);
  await writeFile(join(stage.folder, 'plain'), 'text');
  assert.equal((await stage.runCommand(['no-such-command'])).exitCode, 127);
  assert.equal((await stage.runCommand([join(stage.folder, 'plain')])).exitCode, 126);
  assert.equal((await stage.runCommand([stage.folder])).exitCode, 126);
  assert.match(stage.said[0] ?? '', /there is no command "no-such-command"/);
});

test('run() passes a signal to the command and to what it started', async (context) => {
  const stage = await setStage(context);
  const running = stage.run(`
    trap "echo child >>got; wait; exit 9" TERM
    sh -c 'trap "echo grandchild >>got; exit" TERM; echo >>begun; while :; do sleep 0.02; done' &
    while :; do sleep 0.02; done`);
  await stage.appears('begun');
  stage.signal('SIGTERM');
  assert.equal((await running).exitCode, 9);
  assert.deepEqual((await stage.read('got')).trim().split('\n').sort(), ['child', 'grandchild']);
});

test('run() passes USR1 on without taking it for a request to stop', async (context) => {
  const stage = await setStage(context);
  const running = stage.run(
    'trap "echo >>got" USR1; echo >>begun; while [ ! -e got ]; do sleep 0.02; done; exit 5',
  );
  await stage.appears('begun');
  stage.signal('SIGUSR1');
  assert.equal((await running).exitCode, 5);
});

test('run() leaves a command that ignores TERM its time to end, and then kills it', async (context) => {
  const stage = await setStage(context);
  const running = stage.run('trap "" TERM; echo >>begun; while :; do sleep 0.02; done');
  await stage.appears('begun');
  stage.signal('SIGTERM');
  const first = await Promise.race([running, pause(200, 'still running')]);
  assert.equal(first, 'still running');
  assert.equal((await running).exitCode, 137);
});

test('run() kills what a stopped command left behind, and only then', async (context) => {
  const stage = await setStage(context);
  const left = `(trap "" TERM INT; echo >>begun; while [ -d . ]; do echo >>"$0"; sleep 0.02; done) & `;
  const running = stage.runCommand(['/bin/sh', '-c', `${left} exec sleep 60`, 'beat']);
  await stage.appears('beat');
  stage.signal('SIGINT');
  assert.equal((await running).exitCode, 130);
  const beats = await stage.read('beat');
  await pause(100);
  assert.equal(await stage.read('beat'), beats);
  await stage.runCommand(['/bin/sh', '-c', 'sleep 1 & echo $! >left'], {});
  process.kill(Number(await stage.read('left')), 'SIGKILL');
});

test('run() ends a command that takes too long and says so by 124', async (context) => {
  const stage = await setStage(context);
  const summary = await stage.run('trap "" TERM; while :; do sleep 0.02; done', {
    timeoutMilliseconds: 100,
  });
  assert.equal(summary.exitCode, 124);
  assert.ok(stage.said.includes('cofferdam: stopped after 0.1 s (--timeout)\n'));
});

test('run() leaves Ctrl-C to the terminal and passes TERM on where one is on stdin', async (context) => {
  const stage = await setStage(context);
  const running = stage.run(
    'trap "echo >>interrupted" INT; trap "exit 6" TERM; echo >>begun; while :; do sleep 0.02; done',
    { terminalOnStdin: true },
  );
  await stage.appears('begun');
  stage.signal('SIGINT');
  stage.signal('SIGINT');
  await pause(200);
  stage.signal('SIGTERM');
  assert.equal((await running).exitCode, 6);
  await assert.rejects(stage.read('interrupted'));
});

test('run() obeys a signal that comes while the engine still starts', async (context) => {
  const begun = Promise.withResolvers<void>();
  const stage = await setStage(context, {
    startEngine: () => {
      begun.resolve();
      return Promise.withResolvers<never>().promise;
    },
  });
  const running = stage.run('touch ran');
  await begun.promise;
  stage.signal('SIGTERM');
  assert.equal((await running).exitCode, 143);
  await assert.rejects(stage.read('ran'));
});

test('what a failing command writes to stderr is read, and its cause is told after the summary', async (context) => {
  const read: Buffer[] = [];
  const reader = {
    write: (bytes: Uint8Array) => {
      read.push(Buffer.from(bytes));
    },
    end: () => ({ findings: [], text: 'because of x\n', exitCode: 78 }),
  };
  const stage = await setStage(context, { readFailure: () => reader });
  const script = ['/bin/sh', '-c', 'printf x-words >&2; exit 3'];
  assert.equal((await stage.runCommand(script)).exitCode, 3);
  assert.equal(Buffer.concat(read).toString(), 'x-words');
  assert.equal(stage.said.at(-1), '\nbecause of x\n');
  assert.equal((await stage.runCommand(script, { classifyExit: true })).exitCode, 78);
  assert.equal((await stage.run('exit 0', { classifyExit: true })).exitCode, 0);
  assert.equal((await stage.run('kill -TERM $$', { classifyExit: true })).exitCode, 143);
  const saidBefore = stage.said.filter((text) => text.includes('because')).length;
  await stage.runCommand(script, { noDiagnosis: true });
  await stage.runCommand(script, { stderrIsTerminal: true });
  await stage.runCommand(script, { quiet: true });
  assert.equal(stage.said.filter((text) => text.includes('because')).length, saidBefore);
});
