import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { workingCopy, type WorkingCopy } from './working-copy.ts';

interface Message {
  readonly code: string;
  readonly filename: string;
}

function lint(copy: WorkingCopy, folder: string): readonly Message[] {
  const command = ['node_modules/.bin/oxlint', '--format', 'json', folder];
  const result = spawnSync(process.execPath, command, { cwd: copy.directory, encoding: 'utf8' });
  return (JSON.parse(result.stdout) as { readonly diagnostics: readonly Message[] }).diagnostics;
}

const globals = 'eslint(no-restricted-globals)';
const imports = 'eslint(no-restricted-imports)';
const properties = 'eslint(no-restricted-properties)';

/** One line of code, and the rule that must name it outside platform. */
const banned: readonly (readonly [code: string, rule: string])[] = [
  ['export const a: number = Date.now();', globals],
  ['export const a: unknown = new Date();', globals],
  ['export const a: unknown = setTimeout(() => 1, 1);', globals],
  ['export const a: unknown = setInterval(() => 1, 1);', globals],
  ['export const a: unknown = performance.now();', globals],
  ["export const a: unknown = fetch('http://127.0.0.1/');", globals],
  ['export const a: number = Math.random();', properties],
  ['export const a: unknown = Temporal.Now.instant();', properties],
  ['export const a: unknown = AbortSignal.timeout(1);', properties],
  ["export const a: unknown = process.env['HOME'];", properties],
  ['const { env } = process;\nexport const a: unknown = env;', properties],
  ["export const a: unknown = globalThis.fetch('http://127.0.0.1/');", properties],
  ["console.log('x');", 'eslint(no-console)'],
  ["import { stat } from 'node:fs';\nexport const a: unknown = stat;", imports],
  ["import { stat } from 'node:fs/promises';\nexport const a: unknown = stat;", imports],
  ["export const a: unknown = import('node:fs');", imports],
  ["import { spawn } from 'node:child_process';\nexport const a: unknown = spawn;", imports],
  ["import { Agent } from 'undici';\nexport const a: unknown = Agent;", imports],
  [
    "import { setTimeout as t } from 'node:timers/promises';\nexport const a: unknown = t;",
    imports,
  ],
  ["import { randomBytes } from 'node:crypto';\nexport const a: unknown = randomBytes;", imports],
  ["import { DatabaseSync } from 'node:sqlite';\nexport const a: unknown = DatabaseSync;", imports],
  ['const a: number = 1;\nexport default a;', 'import(no-default-export)'],
  ['export const a: any = 1;', 'typescript(no-explicit-any)'],
  // A planted sample, never compiled: it proves that silencing the compiler is refused.
  ['// @ts-expect-error\nexport const a: number = "1";', 'typescript(ban-ts-comment)'],
  ['async function a(): Promise<void> {}\na();', 'typescript(no-floating-promises)'],
  ['async function a(): Promise<void> {}\n[1].forEach(a);', 'typescript(no-misused-promises)'],
  ['void 0;\n'.repeat(401), 'eslint(max-lines)'],
];

test('each ban fires on a planted sample in a feature', async () => {
  await using copy = await workingCopy();
  for (const [index, [code]] of banned.entries()) {
    await copy.write(`src/doctor/planted-${index}.ts`, `${code}\n`);
  }
  const messages = lint(copy, 'src/doctor');
  for (const [index, [code, rule]] of banned.entries()) {
    const found = messages
      .filter((message) => message.filename.endsWith(`planted-${index}.ts`))
      .map((message) => message.code);
    assert.ok(
      found.includes(rule),
      `${code.slice(0, 80)}: expected ${rule}, found ${found.join(', ')}`,
    );
  }
});

test('platform may touch the outside, and only it', async () => {
  await using copy = await workingCopy();
  const outside = banned.filter(([, rule]) => [globals, imports, properties].includes(rule));
  for (const [index, [code]] of outside.entries()) {
    await copy.write(`src/platform/planted-${index}.ts`, `${code}\n`);
  }
  const found = lint(copy, 'src/platform').filter(
    (message) =>
      message.filename.includes('planted-') &&
      [globals, imports, properties].includes(message.code),
  );
  assert.deepEqual(found, []);
});
