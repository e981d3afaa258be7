// The configuration is read whole, and everything that is wrong is said at once.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { runProgram } from '../support/start-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('a directory in the place of a file is a mistake of whoever gave it', async (context) => {
  const folder = await temporaryFolder(context);
  const lines = [
    ['config', 'check', '--config', folder],
    ['diagnose', folder],
    ['serve', '--tls-cert', folder, '--tls-key', folder],
  ];
  for (const words of lines) {
    const { code, stderr } = await runProgram(words, { XDG_STATE_HOME: folder });
    assert.equal(code, 2, stderr);
    assert.match(stderr, /^error: cannot read ".*": it is a directory, not a file\n/u);
  }
});

test('config check tells every problem of a file, as lines and as JSON', async (context) => {
  const file = join(await temporaryFolder(context), 'site.yaml');
  await writeFile(file, 'listen: nowhere\nupstraem: off\nmax_age: soon\n');
  const check = ['config', 'check', '--config', file];
  const text = await runProgram(check);
  assert.deepEqual([text.code, text.stdout], [2, '']);
  for (const [place, step] of [
    ['1:9', 'write HOST:PORT: '],
    ['2:1', 'write upstream, '],
    ['3:10', 'write DURATION: '],
  ] as const) {
    assert.ok(text.stderr.includes(`error: ${file}:${place}: `), text.stderr);
    assert.ok(text.stderr.includes(`hint: ${file}:${place}: ${step}`), text.stderr);
  }
  const json = await runProgram([...check, '--format', 'json']);
  assert.deepEqual([json.code, json.stderr], [2, '']);
  const { valid, problems } = JSON.parse(json.stdout) as {
    valid: boolean;
    problems: readonly Record<string, string>[];
  };
  assert.equal(valid, false);
  assert.deepEqual(
    problems.map(({ code, where }) => [code, where]),
    ['1:9', '2:1', '3:10'].map((place) => ['configuration-invalid', `${file}:${place}`]),
  );
  for (const { message, hint } of problems) assert.ok(message && hint);
});

test('a variable that looks misspelt is a note and no error', async () => {
  const { code, stderr } = await runProgram(['config', 'check'], { COFFERDAM_LISTTEN: ':1' });
  assert.equal(code, 0);
  assert.match(stderr, /^note: COFFERDAM_LISTTEN sets nothing; did you mean COFFERDAM_LISTEN\?\n/u);
});
