import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { exitCode } from './exit-code.ts';
import type { PlannedChild } from './children.ts';

export interface Ground {
  readonly folder: string;
  /** The file that scripts write from. */
  readonly shared: Buffer;
  readonly environment: NodeJS.ProcessEnv;
  /** `cofferdam run`, without flags. */
  readonly guard: readonly string[];
}

interface Ended {
  /** As a shell tells it. */
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly leftBehind: 'alive' | 'gone' | undefined;
  /** It had to be killed. */
  readonly isLate: boolean;
}

/** What is wrong with how `run` told what its child did; none is right. */
export async function play(planned: PlannedChild, ground: Ground): Promise<readonly string[]> {
  const flags = ['--quiet', ...planned.flags, '--'];
  const guarded = await start([...ground.guard, ...flags, ...planned.command], planned, ground);
  const problems = judge(planned, guarded, ground.shared);
  if (planned.isPlainAlike) {
    const without = await start(planned.command, planned, ground);
    if (without.code !== planned.code) problems.push(`without us it gives ${without.code}`);
    if (!without.stdout.equals(guarded.stdout))
      problems.push('stdout differs from that without us');
    if (!without.stderr.equals(guarded.stderr))
      problems.push('stderr differs from that without us');
  }
  return problems;
}

function judge(planned: PlannedChild, ended: Ended, shared: Buffer): string[] {
  const problems: string[] = [];
  if (ended.isLate) problems.push(`did not end in ${planned.limitMilliseconds / 1000} s`);
  if (ended.code !== planned.code) problems.push(`code ${ended.code}, not ${planned.code}`);
  if (!ended.stdout.equals(shared.subarray(0, planned.stdout))) {
    problems.push(`stdout has ${ended.stdout.length} bytes, not these ${planned.stdout}`);
  }
  const { stderr } = planned;
  if (stderr !== undefined && !ended.stderr.equals(shared.subarray(0, stderr))) {
    problems.push(`stderr has ${ended.stderr.length} bytes, not these ${stderr}`);
  }
  if (planned.left !== ended.leftBehind) {
    problems.push(
      `what it left is ${ended.leftBehind ?? 'unknown'}, not ${planned.left ?? 'none'}`,
    );
  }
  return problems;
}

async function start(
  command: readonly string[],
  planned: PlannedChild,
  { folder: parent, shared, environment }: Ground,
): Promise<Ended> {
  const folder = await mkdtemp(join(parent, 'child-'));
  await symlink(join(parent, 'bytes'), join(folder, 'bytes'));
  await writeFile(join(folder, 'plain'), 'no program\n');
  const [program = '', ...words] = command;
  const child = spawn(program, words, { cwd: folder, env: environment, detached: true });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes));
  child.stderr.on('data', (bytes: Buffer) => stderr.push(bytes));
  child.stdin.on('error', () => undefined);
  child.stdin.end(shared.subarray(0, planned.input));
  const closed = new Promise((resolve) => child.once('close', resolve));
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    child.kill('SIGKILL');
  }, planned.limitMilliseconds);
  const exited = exitCode(child);
  await send(child, planned, folder);
  const code = await exited;
  clearTimeout(timer);
  const left = await pidIn(join(folder, 'left'));
  const leftBehind = left === undefined ? undefined : await fateOf(left, planned.left);
  if (left !== undefined) kill(left);
  if (isLate) kill(await pidIn(join(folder, 'pid')));
  await closed;
  await rm(folder, { recursive: true, force: true });
  return {
    code,
    stdout: Buffer.concat(stdout),
    stderr: Buffer.concat(stderr),
    leftBehind,
    isLate,
  };
}

/** A second signal that follows at once could overtake what the first sets off. */
const BETWEEN_MILLISECONDS = 300;

async function send(child: ChildProcess, { signals }: PlannedChild, folder: string): Promise<void> {
  if (signals.length === 0) return;
  while (
    child.exitCode === null &&
    (await readFile(join(folder, 'begun')).catch(() => null)) === null
  )
    await pause(20);
  for (const [index, name] of signals.entries()) {
    if (index > 0) await pause(BETWEEN_MILLISECONDS);
    child.kill(name);
  }
}

async function pidIn(path: string): Promise<number | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return /^\d+\n$/u.test(text) ? Number(text) : undefined;
}

/** A moment passes between a kill and the end. */
const DYING_MILLISECONDS = 1000;

async function fateOf(pid: number, expected: PlannedChild['left']): Promise<'alive' | 'gone'> {
  const until = performance.now() + DYING_MILLISECONDS;
  while (expected === 'gone' && (await runs(pid)) && performance.now() < until) await pause(20);
  return (await runs(pid)) ? 'alive' : 'gone';
}

/** One that has ended and that nobody waits for runs no longer. */
async function runs(pid: number): Promise<boolean> {
  const line = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  return line !== '' && !line.slice(line.lastIndexOf(')')).startsWith(') Z');
}

function kill(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone, as it should be.
  }
}
