// `cofferdam run` from outside: what the child gets, what comes through, what the caller sees.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../support/temporary-folder.ts';

const launcher = fileURLToPath(new URL('../../bin/cofferdam', import.meta.url));
const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

interface Result {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

interface Stage {
  readonly folder: string;
  start(command: readonly string[], flags?: readonly string[]): ChildProcessWithoutNullStreams;
  run(command: readonly string[], parts?: RunParts): Promise<Result>;
  shell(script: string, parts?: RunParts): Promise<Result>;
  read(name: string): Promise<string>;
  appears(name: string): Promise<void>;
}

interface RunParts {
  readonly flags?: readonly string[];
  readonly input?: Buffer;
}

async function setStage(
  context: TestContext,
  variables: Readonly<Record<string, string>> = {},
  program: readonly string[] = [process.execPath, main],
): Promise<Stage> {
  const folder = await temporaryFolder(context);
  const environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    XDG_CACHE_HOME: join(folder, 'cache'),
    GOENV: 'off',
    GOPROXY: 'https://127.0.0.1:9/go,direct',
    ...variables,
  };
  function start(
    command: readonly string[],
    flags: readonly string[] = [],
  ): ChildProcessWithoutNullStreams {
    const [file = '', ...words] = [...program, 'run', ...flags, '--', ...command];
    const child = spawn(file, words, { cwd: folder, env: environment });
    context.after(() => child.kill('SIGKILL'));
    return child;
  }
  async function run(command: readonly string[], parts: RunParts = {}): Promise<Result> {
    const child = start(command, parts.flags);
    const result = collect(child);
    child.stdin.on('error', () => undefined);
    child.stdin.end(parts.input);
    return result;
  }
  function read(name: string): Promise<string> {
    return readFile(join(folder, name), 'utf8');
  }
  return {
    folder,
    start,
    run,
    shell: (script, parts) => run(['sh', '-c', script], parts),
    read,
    appears: async (name) => {
      while ((await read(name).catch(() => '')) === '') await pause(10);
    },
  };
}

async function collect(child: ChildProcessWithoutNullStreams): Promise<Result> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes));
  child.stderr.on('data', (bytes: Buffer) => stderr.push(bytes));
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      resolve({ code, signal, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) });
    });
  });
}

test('the exit codes 0, 1, 2 and 255 of the child come through, also through the launcher', async (context) => {
  const stage = await setStage(context, {}, [launcher]);
  for (const code of [0, 1, 2, 255]) {
    assert.equal((await stage.shell(`exit ${code}`)).code, code);
  }
});

test('a child that a signal ended gives 128 and its number, without a signal of our own', async (context) => {
  const stage = await setStage(context);
  for (const [name, code] of [
    ['TERM', 143],
    ['KILL', 137],
    ['SEGV', 139],
  ] as const) {
    const result = await stage.shell(`kill -${name} $$`);
    assert.deepEqual([result.code, result.signal], [code, null]);
  }
});

test('126 and 127 tell what cannot be executed from what is not there, in one sentence', async (context) => {
  const stage = await setStage(context);
  await writeFile(join(stage.folder, 'text'), 'echo no');
  const denied = await stage.run(['./text'], { flags: ['--quiet'] });
  assert.deepEqual([denied.code, denied.stderr.toString().split('\n').length], [126, 2]);
  const missing = await stage.run(['no-such-program'], { flags: ['--quiet'] });
  assert.deepEqual([missing.code, missing.stderr.toString().split('\n').length], [127, 2]);
  assert.match(missing.stderr.toString(), /no-such-program/);
});

test('stdin, stdout and stderr pass byte for byte', async (context) => {
  const stage = await setStage(context);
  const input = randomBytes(3_000_000);
  const through = await stage.run(['cat'], { input });
  assert.ok(through.stdout.equals(input));
  const errors = await stage.shell('cat >&2', { input, flags: ['--quiet'] });
  assert.ok(errors.stderr.equals(input));
  assert.equal(errors.stdout.length, 0);
});

test('lines of our own before the child do not make it lose any of its output', async (context) => {
  const stage = await setStage(context, { GOPROXY: 'direct' });
  const input = randomBytes(3_000_000);
  const result = await stage.shell('cat >&2', { input });
  const notice = result.stderr.subarray(0, result.stderr.indexOf('\n') + 1);
  assert.match(notice.toString(), /^cofferdam: /);
  assert.ok(result.stderr.subarray(notice.length, notice.length + input.length).equals(input));
});

test('our own lines go to stderr: at most three, and none with --quiet', async (context) => {
  const stage = await setStage(context);
  const loud = await stage.shell('echo out; echo err >&2');
  assert.equal(loud.stdout.toString(), 'out\n');
  const [first, ...ours] = loud.stderr.toString().trimEnd().split('\n');
  assert.equal(first, 'err');
  assert.ok(ours.length >= 1 && ours.length <= 3);
  assert.ok(ours.every((line) => line.startsWith('cofferdam: ')));
  const quiet = await stage.shell('echo err >&2', { flags: ['--quiet'] });
  assert.equal(quiet.stderr.toString(), 'err\n');
});

test('the child has the environment of its caller, with only GOPROXY and a URL in GOSUMDB changed', async (context) => {
  const key = 'db.example+be3f7f1a+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';
  const stage = await setStage(context, {
    GOSUMDB: `${key} https://sum.example`,
    GOPRIVATE: 'private.example',
    GOFLAGS: '-mod=mod',
    SOMETHING: 'with\nlines and = signs',
  });
  const own = await stage.shell('cat /proc/$PPID/environ', { flags: ['--quiet'] });
  const before = new Set(own.stdout.toString().split('\0'));
  const after = (await stage.run(['env', '-0'])).stdout.toString().split('\0');
  const changed = after.filter((entry) => !before.has(entry)).sort();
  assert.equal(changed.length, 2, changed.join('\n'));
  assert.match(
    changed[0] ?? '',
    /^GOPROXY=http:\/\/127\.0\.0\.1:\d+\/-\/run\/[0-9a-f]{32},direct$/,
  );
  assert.equal(changed[1], `GOSUMDB=${key}`);
  assert.equal(after.length, before.size);
});

test('the engine answers the child on the secret path only, until it has ended', async (context) => {
  const stage = await setStage(context);
  const script = `
    const base = process.env.GOPROXY.split(',')[0];
    const status = async (url) => (await fetch(url)).status;
    await new Promise((resolve) => setTimeout(resolve, 300));
    console.log(base, await status(base.replace(/[0-9a-f]{32}$/, '0'.repeat(32)) + '/x/@v/list'));`;
  const result = await stage.run([process.execPath, '--input-type=module', '-e', script]);
  const [base = '', status] = result.stdout.toString().trim().split(' ');
  assert.equal(status, '404');
  await assert.rejects(fetch(`${base}/x/@v/list`));
});

test('a list that stays as it is comes with a notice', async (context) => {
  for (const GOPROXY of ['direct', 'off', 'file:///srv/modules']) {
    const stage = await setStage(context, { GOPROXY });
    const result = await stage.shell('echo "$GOPROXY"');
    assert.equal(result.stdout.toString(), `${GOPROXY}\n`);
    assert.match(result.stderr.toString(), /^cofferdam: running without the engine: .*GOPROXY/);
  }
});

test('a command runs as well where there is no go', async (context) => {
  const stage = await setStage(context, { PATH: '/nowhere' });
  const result = await stage.run(['/bin/sh', '-c', 'echo "$GOPROXY"; exit 3']);
  assert.equal(result.code, 3);
  assert.match(result.stdout.toString(), /^http:\/\/127\.0\.0\.1:\d+.*,direct\n$/);
  assert.match(result.stderr.toString(), /there is no go command on PATH/);
});

test('signals reach the child and what it started, and its own code comes back', async (context) => {
  for (const name of ['TERM', 'INT', 'HUP', 'QUIT', 'USR1', 'USR2']) {
    const stage = await setStage(context);
    await writeFile(
      join(stage.folder, 'grandchild'),
      `#!/bin/sh\ntrap "echo grandchild >>got; exit" ${name}\necho >>begun\nwhile :; do sleep 0.02; done\n`,
    );
    await chmod(join(stage.folder, 'grandchild'), 0o755);
    // A shell makes what it starts with & deaf to INT and QUIT.
    const deaf = name === 'INT' || name === 'QUIT';
    const script = `exec 2>/dev/null; trap "echo child >>got; wait; exit 9" ${name}
      ${deaf ? 'echo >>begun' : './grandchild'} & while :; do sleep 0.02; done`;
    const child = stage.start(['sh', '-c', script]);
    const ended = collect(child);
    await stage.appears('begun');
    child.kill(`SIG${name}` as NodeJS.Signals);
    assert.equal((await ended).code, 9, name);
    const got = (await stage.read('got')).trim().split('\n').sort();
    assert.deepEqual(got, deaf ? ['child'] : ['child', 'grandchild'], name);
  }
});

test('a child that ignores TERM goes on after the first and is killed after the second', async (context) => {
  const stage = await setStage(context);
  const child = stage.start([
    'sh',
    '-c',
    'trap "" TERM; echo >>begun; while :; do sleep 0.02; done',
  ]);
  const ended = collect(child);
  await stage.appears('begun');
  child.kill('SIGTERM');
  await pause(500);
  assert.equal(child.exitCode, null);
  child.kill('SIGTERM');
  assert.equal((await ended).code, 137);
});

test('what the child started outlives it unless we were asked to stop', async (context) => {
  const stage = await setStage(context);
  const result = await stage.shell('sleep 30 >/dev/null 2>&1 & echo $!');
  const left = Number(result.stdout.toString());
  assert.equal(process.kill(left, 0), true);
  process.kill(left, 'SIGKILL');
});
