import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const MODULE = fileURLToPath(new URL('end-process.ts', import.meta.url));

/** Runs a program of a few lines that ends itself with the function, and gives its code and text. */
async function play(lines: string): Promise<{ code: number | null; text: string }> {
  const program = `import { endProcess } from ${JSON.stringify(MODULE)};\n${lines}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const texts: string[] = [];
  child.stdout.on('data', (bytes: Buffer) => texts.push(bytes.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, text: texts.join('') };
}

const TELL = `process.on('exit', (code) => console.log('tidied up', code));`;

test('the code and what was to be tidied up are the same with a look-up under way and without', async () => {
  assert.deepEqual(await play(`${TELL} endProcess(7);`), { code: 7, text: 'tidied up 7\n' });
  // Asked and not waited for: its thread is still at it.
  const asking = `import { lookup } from 'node:dns'; lookup('localhost', () => {});`;
  const ended = await play(`${asking} ${TELL} endProcess(7); console.log('never');`);
  assert.deepEqual(ended, { code: 7, text: 'tidied up 7\n' });
});
