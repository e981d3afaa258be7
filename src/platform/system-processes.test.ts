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

/** What a program of ours gets from a child whose stderr is read on its way. */
function playCopied(lines: string): { status: number | null; stderr: string; stdout: string } {
  const module = JSON.stringify(new URL('./system-processes.ts', import.meta.url).href);
  const script = `
    const { createProcesses } = await import(${module});
    const start = (text) => createProcesses().start(['sh', '-ec', text], {
      directory: '.', environment: { PATH: process.env.PATH }, ownSession: true,
      streams: { stdout: () => {}, stderr: () => {} },
    });
    ${lines}`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 60_000,
  });
}

test('a child whose streams are read opens them by name as it would without us', () => {
  const { status, stdout, stderr } = playCopied(`
    const running = await start('echo one > /dev/stderr; echo two > /dev/stdout; exit 3');
    process.exitCode = (await running.exited).code;
    await running.drained;`);
  assert.deepEqual([status, stdout, stderr], [3, 'two\n', 'one\n']);
});

test('the end of a child is told however short it is', () => {
  const { status, stdout } = playCopied(`
    let codes = 0;
    for (let round = 0; round < 40; round++) {
      const running = await start('exit 4');
      codes += (await running.exited).code;
      await running.drained;
    }
    console.log(codes);`);
  assert.deepEqual([status, stdout], [0, '160\n']);
});

test('where both our streams are one, so are the ones of the child, and the order stays', () => {
  const module = JSON.stringify(new URL('./system-processes.ts', import.meta.url).href);
  const script = `
    const { createProcesses } = await import(${module});
    let seen = '';
    const running = await createProcesses().start(
      ['sh', '-c', 'for i in 1 2 3 4; do echo out$i; echo err$i >&2; done'], {
      directory: '.', environment: { PATH: process.env.PATH }, ownSession: true,
      streams: { stderr: () => { seen += 'apart'; }, together: (bytes) => { seen += bytes; } },
    });
    await running.exited; await running.drained;
    console.log('seen ' + seen.length);`;
  const run = spawnSync(
    'sh',
    ['-c', `"$0" --input-type=module -e "$1" 2>&1`, process.execPath, script],
    {
      encoding: 'utf8',
      timeout: 60_000,
    },
  );
  assert.equal(run.stdout, 'out1\nerr1\nout2\nerr2\nout3\nerr3\nout4\nerr4\nseen 40\n');
});
