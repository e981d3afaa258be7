import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createDiskFiles } from '../platform/adapters.ts';
import { diagnoseLog } from './diagnose.ts';

const files = createDiskFiles();
const LINE =
  'go: m.test/x@v1.0.0: reading https://p.test/m.test/x/@v/v1.0.0.mod: 502 Bad Gateway\n';

async function* pipe(...pieces: readonly string[]): AsyncIterable<Uint8Array> {
  for (const piece of pieces) yield Buffer.from(piece);
}

test('a file is read to its end, in pieces', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'cofferdam-diagnose-'));
  try {
    const file = join(directory, 'build.log');
    await writeFile(file, `${'ok\n'.repeat(300_000)}${LINE}`);
    const log = await diagnoseLog({ files, stdin: pipe() }, { file, goVersion: undefined });
    assert.equal(log.source, file);
    assert.equal(log.lines, 300_001);
    assert.equal(log.findings[0]?.code, 'proxy-5xx');
    assert.equal(log.findings[0]?.evidence[0]?.line, 300_001);
  } finally {
    await rm(directory, { recursive: true });
  }
});

test('a dash reads what comes through the pipe', async () => {
  const stdin = pipe(LINE.slice(0, 30), LINE.slice(30));
  const log = await diagnoseLog({ files, stdin }, { file: '-', goVersion: undefined });
  assert.equal(log.source, 'stdin');
  assert.equal(log.findings[0]?.code, 'proxy-5xx');
});

test('a file that is not there is an error with the next step', async () => {
  await assert.rejects(
    diagnoseLog({ files, stdin: pipe() }, { file: '/nowhere/build.log', goVersion: undefined }),
    { code: 'log-absent', kind: 'bad-input', hint: 'name a file that exists, or - for stdin' },
  );
});

test('a compressed file is refused with the way to unpack it', async () => {
  const stdin = pipe('PK\u0003\u0004rest');
  await assert.rejects(diagnoseLog({ files, stdin }, { file: '-', goVersion: undefined }), {
    code: 'log-packed',
    hint: 'unpack it on the way: unzip -p FILE | cofferdam diagnose -',
  });
});

test('a named pipe is read as it comes, as a shell hands over what another command says', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'cofferdam-diagnose-'));
  try {
    const file = join(directory, 'pipe');
    execFileSync('mkfifo', [file]);
    const read = diagnoseLog({ files, stdin: pipe() }, { file, goVersion: undefined });
    await writeFile(file, `${'ok\n'.repeat(300_000)}${LINE}`);
    const log = await read;
    assert.equal(log.findings[0]?.evidence[0]?.line, 300_001);
  } finally {
    await rm(directory, { recursive: true });
  }
});
