import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { processesContract } from './processes.contract.ts';
import { createProcesses } from './system-processes.ts';

processesContract('createProcesses()', async (context) => ({
  processes: createProcesses(),
  folder: await temporaryFolder(context),
}));

test('createProcesses() gives a started child our own streams, byte for byte', () => {
  const module = JSON.stringify(new URL('./system-processes.ts', import.meta.url).href);
  const script = `
    const { createProcesses } = await import(${module});
    const running = await createProcesses().start(['sh', '-c', 'cat; printf "\\\\377" >&2; exit 5'], {
      directory: '.', environment: { PATH: process.env.PATH }, streams: 'inherit', ownSession: true,
    });
    process.exitCode = (await running.exited).code;`;
  const input = Buffer.alloc(200_000, Buffer.from([0, 255, 10, 13]));
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    input,
    timeout: 30_000,
  });
  assert.ok(run.stdout.equals(input));
  assert.deepEqual(run.stderr, Buffer.from([255]));
  assert.equal(run.status, 5);
});
