import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { ProgramError } from './errors.ts';
import type { Processes, RunOptions, StartOptions } from './processes.ts';

export interface ProcessesUnderTest {
  readonly processes: Processes;
  /** An existing empty directory that the test may fill. */
  readonly folder: string;
}

type Make = (context: TestContext) => Promise<ProcessesUnderTest>;

/** What every adapter of the port Processes must do. */
export function processesContract(name: string, make: Make): void {
  runContract(name, make);
  boundsContract(name, make);
  refusalContract(name, make);
  startContract(name, make);
}

const ENVIRONMENT = { PATH: process.env['PATH'] ?? '/usr/bin:/bin' };

function options(folder: string, more: Partial<RunOptions> = {}): RunOptions {
  return {
    directory: folder,
    environment: ENVIRONMENT,
    timeoutMilliseconds: 20_000,
    maximumOutputBytes: 1_000_000,
    ...more,
  };
}

function shell(script: string): readonly string[] {
  return ['sh', '-c', script];
}

function hasCode(code: string, kind: string): (error: unknown) => boolean {
  return (error) => error instanceof ProgramError && error.code === code && error.kind === kind;
}

/** Polls, because only the system knows when a process is gone. */
async function until(reached: () => boolean): Promise<void> {
  for (let round = 0; round < 500 && !reached(); round += 1) await wait(10);
  assert.ok(reached());
}

/** A process that ended and was not collected by its parent yet is gone as well. */
function isAlive(pid: number): boolean {
  try {
    if (pid <= 0) return false;
    process.kill(pid, 0);
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

function runContract(name: string, make: Make): void {
  test(`${name}: run() gives both outputs and the exit code, byte for byte`, async (context) => {
    const { processes, folder } = await make(context);
    const script = String.raw`printf 'out\000\377'; printf 'err' >&2; exit 3`;
    const result = await processes.run(shell(script), options(folder));
    assert.deepEqual(result, {
      code: 3,
      signal: undefined,
      stdout: Buffer.from([0x6f, 0x75, 0x74, 0, 0xff]),
      stderr: Buffer.from('err'),
    });
  });

  test(`${name}: run() names the signal that ended the program`, async (context) => {
    const { processes, folder } = await make(context);
    const result = await processes.run(shell('kill -USR1 $$'), options(folder));
    assert.equal(result.code, undefined);
    assert.equal(result.signal, 'SIGUSR1');
  });

  test(`${name}: run() passes the input, the directory and exactly the environment`, async (context) => {
    const { processes, folder } = await make(context);
    const input = Buffer.alloc(300_000, 'abc');
    const echoed = await processes.run(['cat'], options(folder, { input }));
    assert.ok(echoed.stdout.equals(input));
    const environment = { ...ENVIRONMENT, MARK: 'a b', HOME: '' };
    const script = 'pwd -P; echo "$MARK"; env | grep -c ^HOME=; env | grep -c ^USER=';
    const { stdout } = await processes.run(shell(script), options(folder, { environment }));
    assert.equal(stdout.toString(), `${realpathSync(folder)}\na b\n1\n0\n`);
  });

  test(`${name}: run() does not mind a program that leaves its input unread`, async (context) => {
    const { processes, folder } = await make(context);
    const input = Buffer.alloc(1_000_000);
    assert.equal((await processes.run(['true'], options(folder, { input }))).code, 0);
  });

  test(`${name}: run() does not wait for what the program left behind`, async (context) => {
    const { processes, folder } = await make(context);
    const script = 'sleep 30 & echo $!';
    const { stdout } = await processes.run(shell(script), options(folder));
    const left = Number(stdout.toString());
    assert.ok(left > 1 && isAlive(left));
    process.kill(left, 'SIGKILL');
  });
}

function boundsContract(name: string, make: Make): void {
  test(`${name}: run() stops the whole group when the time is over`, async (context) => {
    const { processes, folder } = await make(context);
    const script = 'sleep 30 & echo $! > child; wait';
    const run = processes.run(shell(script), options(folder, { timeoutMilliseconds: 300 }));
    await assert.rejects(run, hasCode('command-timeout', 'timeout'));
    const child = Number(readFileSync(join(folder, 'child'), 'utf8'));
    await until(() => !isAlive(child));
  });

  test(`${name}: run() kills what ignores the request to end`, async (context) => {
    const { processes, folder } = await make(context);
    const script = "trap '' TERM; echo $$ > leader; while :; do sleep 1; done";
    const run = processes.run(shell(script), options(folder, { timeoutMilliseconds: 300 }));
    await assert.rejects(run, hasCode('command-timeout', 'timeout'));
    assert.equal(isAlive(Number(readFileSync(join(folder, 'leader'), 'utf8'))), false);
  });

  test(`${name}: run() stops a program that writes too much`, async (context) => {
    const { processes, folder } = await make(context);
    for (const script of ['yes', 'yes >&2']) {
      const run = processes.run(shell(script), options(folder, { maximumOutputBytes: 100_000 }));
      await assert.rejects(run, hasCode('command-output-too-large', 'bad-input'));
    }
    const exact = options(folder, { maximumOutputBytes: 5 });
    assert.equal((await processes.run(['printf', '12345'], exact)).stdout.length, 5);
  });

  test(`${name}: run() ends with the reason of its signal`, async (context) => {
    const { processes, folder } = await make(context);
    const controller = new AbortController();
    const reason = new Error('nobody waits any more');
    const more = { signal: controller.signal };
    const run = processes.run(['sleep', '30'], options(folder, more));
    setImmediate(() => controller.abort(reason));
    await assert.rejects(run, reason);
    await assert.rejects(processes.run(['sleep', '30'], options(folder, more)), reason);
  });
}

function refusalContract(name: string, make: Make): void {
  test(`${name}: tells an absent program, one that may not run, and an absent directory apart`, async (context) => {
    const { processes, folder } = await make(context);
    writeFileSync(join(folder, 'text'), 'no program', { mode: 0o644 });
    mkdirSync(join(folder, 'directory'));
    const cases = [
      [['cofferdam-no-such-program'], folder, 'command-not-found', 'not-found'],
      [['./none'], folder, 'command-not-found', 'not-found'],
      [['./text'], folder, 'command-not-executable', 'denied'],
      [['./directory'], folder, 'command-not-executable', 'denied'],
      [['true'], join(folder, 'none'), 'directory-not-found', 'not-found'],
      [['true'], join(folder, 'text'), 'directory-not-found', 'not-found'],
      [['true', 'null\0byte'], folder, 'command-not-started', 'bad-input'],
      [[], folder, 'command-not-started', 'bad-input'],
    ] as const;
    for (const [command, directory, code, kind] of cases) {
      await assert.rejects(processes.run(command, options(directory)), hasCode(code, kind));
      await assert.rejects(processes.start(command, begin(directory, false)), hasCode(code, kind));
    }
  });
}

function begin(folder: string, ownSession: boolean): StartOptions {
  return { directory: folder, environment: ENVIRONMENT, streams: 'inherit', ownSession };
}

/** 0 until the file is there. */
function readPid(path: string): number {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return 0;
  }
}

function startContract(name: string, make: Make): void {
  test(`${name}: start() tells how the program ended`, async (context) => {
    const { processes, folder } = await make(context);
    for (const ownSession of [false, true]) {
      const running = await processes.start(shell('exit 7'), begin(folder, ownSession));
      assert.ok(running.pid > 1);
      assert.deepEqual(await running.exited, { code: 7, signal: undefined });
      running.send('SIGTERM');
      assert.equal(running.groupAlive(), false);
    }
  });

  test(`${name}: send() reaches the child alone, or all of the group it leads`, async (context) => {
    const { processes, folder } = await make(context);
    for (const ownSession of [false, true]) {
      const script = 'sleep 30 & echo $! > pid.new; mv pid.new pid; wait';
      const running = await processes.start(shell(script), begin(folder, ownSession));
      const file = join(folder, 'pid');
      await until(() => isAlive(readPid(file)));
      const grandchild = readPid(file);
      assert.equal(running.groupAlive(), ownSession);
      running.send('SIGTERM');
      assert.deepEqual(await running.exited, { code: undefined, signal: 'SIGTERM' });
      if (ownSession) await until(() => !isAlive(grandchild));
      else assert.ok(isAlive(grandchild));
      if (isAlive(grandchild)) process.kill(grandchild, 'SIGKILL');
      await until(() => !isAlive(grandchild));
      writeFileSync(file, '');
    }
  });
}
