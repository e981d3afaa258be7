import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { alarms, examine } from '../../../test/support/examine.ts';
import type { Files } from '../../platform/index.ts';
import type { DoctorReport } from '../index.ts';

const LIMITS = '/proc/self/limits';
const SOUND: Readonly<Record<string, string>> = {
  '/proc/self/cgroup': '0::/\n',
  [LIMITS]: 'Max open files            1024                 1048576              files     \n',
  '/sys/fs/cgroup/memory.max': '4294967296\n',
  '/sys/fs/cgroup/memory.events': 'low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\n',
  '/sys/fs/cgroup/pids.max': 'max\n',
  '/sys/fs/cgroup/cpu.max': '200000 100000\n',
};

/** A container with these files of the kernel, and no others. */
async function visit(
  t: TestContext,
  differs: Readonly<Record<string, string>>,
): Promise<DoctorReport> {
  const kernel: Readonly<Record<string, string>> = { ...SOUND, ...differs };
  function change(files: Files): Files {
    return {
      ...files,
      async readWhole(path, limit) {
        if (!/^\/(?:proc|sys)\//.test(path)) return files.readWhole(path, limit);
        const text = kernel[path];
        return text === undefined ? undefined : Buffer.from(text);
      },
    };
  }
  return examine(t, { GOPROXY: 'off' }, { only: ['limits'] }, change);
}

test('a container with room gives no finding', async (t) => {
  const report = await visit(t, {});
  assert.deepEqual(report.findings, []);
  assert.deepEqual(
    report.probes[0]?.observations.map(({ subject, text }) => `${subject} ${text}`),
    ['memory 4096 MiB', 'processors 2.0', 'open files 1048576'],
  );
});

const planted: readonly [cause: string, file: string, text: string, code: string][] = [
  ['little memory', '/sys/fs/cgroup/memory.max', '268435456\n', 'memory-limit-low'],
  ['a killed process', '/sys/fs/cgroup/memory.events', 'oom 1\noom_kill 2\n', 'oom-killed'],
  [
    'few open files',
    LIMITS,
    'Max open files            256                  256                  files     \n',
    'fd-limit',
  ],
];
for (const [cause, file, text, code] of planted) {
  test(`${cause} is named: ${code}`, async (t) => {
    assert.deepEqual(alarms(await visit(t, { [file]: text })), [code]);
  });
}

test('few processes are named by what is left of them', async (t) => {
  const report = await visit(t, {
    '/sys/fs/cgroup/pids.max': '100\n',
    '/sys/fs/cgroup/pids.current': '90\n',
  });
  assert.deepEqual(alarms(report), ['process-limit']);
  assert.match(report.findings[0]?.title ?? '', /only 10 more/);
});
