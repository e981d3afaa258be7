import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { diskError } from './disk-error.ts';
import { createDiskFiles } from './disk-files.ts';
import { ProgramError } from './errors.ts';
import { filesContract } from './files.contract.ts';

filesContract('createDiskFiles()', async (context) => ({
  files: createDiskFiles(),
  folder: await temporaryFolder(context),
}));

test('diskError() says what was done, to what, and what to do next', () => {
  const expected = [
    ['ENOSPC', 'disk-full', 'full'],
    ['EDQUOT', 'disk-full', 'full'],
    ['EROFS', 'disk-denied', 'denied'],
    ['EACCES', 'disk-denied', 'denied'],
    ['EMFILE', 'disk-failed', 'unavailable'],
    ['EIO', 'disk-failed', 'unavailable'],
  ] as const;
  for (const [systemError, code, kind] of expected) {
    const cause = Object.assign(new Error('as the system says'), { code: systemError });
    const error = diskError('write', '/store/a b', cause);
    assert.equal(error.code, code);
    assert.equal(error.kind, kind);
    assert.equal(error.message, 'cannot write "/store/a b"');
    assert.equal(error.cause, cause);
    assert.equal(error.hint === undefined, systemError === 'EIO');
  }
});

test('diskError() says in one sentence of a directory that it is no file', () => {
  const cause = Object.assign(new Error('EISDIR: illegal operation'), { code: 'EISDIR' });
  const error = diskError('read', '/a', cause);
  assert.deepEqual([error.code, error.kind, error.cause], ['not-a-file', 'bad-input', undefined]);
  assert.equal(error.message, 'cannot read "/a": it is a directory, not a file');
});

test(
  'createDiskFiles() reports a full disk as such',
  { skip: process.platform !== 'linux' },
  async (context) => {
    const folder = await temporaryFolder(context);
    const path = join(folder, 'full');
    symlinkSync('/dev/full', path);
    const error = await createDiskFiles()
      .append(path, Buffer.from('x'))
      .catch((caught: unknown) => caught);
    assert.ok(error instanceof ProgramError && error.code === 'disk-full');
  },
);

const tracer = spawnSync('strace', ['-V']).status === 0;

test(
  'createDiskFiles() writes, flushes, renames, and flushes the directory, in that order',
  { skip: !tracer && 'strace is not installed' },
  async (context) => {
    const folder = await temporaryFolder(context);
    const trace = join(folder, 'trace');
    const module = JSON.stringify(new URL('./disk-files.ts', import.meta.url).href);
    const script = `
      const { createDiskFiles } = await import(${module});
      const files = createDiskFiles();
      await files.writeAtomically('${folder}/modules/a.mod', Buffer.from('module a'), '${folder}/scratch');
      const growing = await files.create('${folder}/scratch/grown');
      await growing.write(Buffer.from('zip'));
      await growing.sync();
      await growing.close();
      await files.rename('${folder}/scratch/grown', '${folder}/modules/a.zip');`;
    const calls = 'openat,write,pwrite64,fsync,fdatasync,rename,renameat,renameat2,mkdir,mkdirat';
    const run = spawnSync(
      'strace',
      [
        '-f',
        '-y',
        '-e',
        `trace=${calls}`,
        '-o',
        trace,
        process.execPath,
        '--input-type=module',
        '-e',
        script,
      ],
      { encoding: 'utf8', timeout: 60_000 },
    );
    assert.equal(run.status, 0, run.stderr);
    assert.deepEqual(stepsIn(readFileSync(trace, 'utf8'), folder), [
      'write FOLDER/scratch/TEMPORARY',
      'fsync FOLDER/scratch/TEMPORARY',
      'rename FOLDER/modules/a.mod',
      'fsync FOLDER/modules',
      'write FOLDER/scratch/grown',
      'fsync FOLDER/scratch/grown',
      'rename FOLDER/modules/a.zip',
      'fsync FOLDER/modules',
    ]);
  },
);

/** The successful calls on paths in `folder`, shortened to verb and path. */
function stepsIn(trace: string, folder: string): string[] {
  const steps: string[] = [];
  for (const line of wholeLines(trace)) {
    const call = /(p?write|fsync|rename)(?:64|at2?)?\(\d+<([^>]*)>/.exec(line);
    const rename = /rename(?:at2?)?\(.*"([^"]*)"\) = 0/.exec(line);
    const path = rename?.[1] ?? call?.[2];
    if (path === undefined || !path.startsWith(folder)) continue;
    const verb = rename ? 'rename' : (call?.[1] ?? '').replace('pwrite', 'write');
    const name = path.replace(folder, 'FOLDER').replace(/[0-9a-f-]{36}\.tmp$/, 'TEMPORARY');
    steps.push(`${verb} ${name}`);
  }
  return steps;
}

/** Joins a call that another thread's call interrupted in the trace with its end. */
function wholeLines(trace: string): string[] {
  const begun = new Map<string, string>();
  const lines: string[] = [];
  for (const line of trace.split('\n')) {
    const thread = line.slice(0, line.indexOf(' '));
    const [start, isBegun] = line.split(' <unfinished ...>');
    const end = /<\.\.\. \w+ resumed>(.*)$/.exec(line)?.[1];
    if (isBegun !== undefined) begun.set(thread, start ?? '');
    else lines.push(end === undefined ? line : `${begun.get(thread) ?? ''}${end}`);
  }
  return lines;
}
