import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { workingCopy, type WorkingCopy } from './working-copy.ts';

interface Report {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: { readonly violations: readonly Violation[] };
}

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

function cruise(copy: WorkingCopy): Report {
  const command = ['node_modules/.bin/depcruise', 'src', '--config', '.dependency-cruiser.mjs'];
  const result = spawnSync(process.execPath, [...command, '--output-type', 'json'], {
    cwd: copy.directory,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(result.stdout) as Report;
}

function found(report: Report, from: string): readonly string[] {
  return report.summary.violations
    .filter((violation) => violation.from === from)
    .map((violation) => violation.rule.name)
    .toSorted();
}

const clock = "import type { Clock } from '../platform/index.ts';\nexport type C = Clock;\n";

/** A planted file, what stands in it, and a rule that must name it. */
const planted: readonly (readonly [path: string, text: string, rule: string])[] = [
  [
    'src/doctor/planted-type.ts',
    "import type { Router } from '../failures/index.ts';\nexport type R = Router;\n",
    'doctor-imports-down',
  ],
  [
    'src/doctor/planted-value.ts',
    "import { route } from '../failures/index.ts';\nexport const r: unknown = route;\n",
    'doctor-imports-down',
  ],
  [
    'src/doctor/planted-dynamic.ts',
    "export const later: unknown = import('../failures/index.ts');\n",
    'doctor-imports-down',
  ],
  [
    'src/doctor/planted-past-the-door.ts',
    "import type { Clock } from '../platform/clock.ts';\nexport type C = Clock;\n",
    'platform-by-its-door',
  ],
  [
    'src/doctor/planted-root.ts',
    "import { planted } from '../main.ts';\nexport const p: unknown = planted;\n",
    'roots-are-not-imported',
  ],
  [
    'src/doctor/planted-test.ts',
    "import { t } from './planted.test.ts';\nexport const p: unknown = t;\n",
    'no-tests-in-production',
  ],
  [
    'src/doctor/planted-face.ts',
    "import type { F } from '../console/index.ts';\nexport type P = F;\n",
    'doctor-imports-down',
  ],
  [
    'src/finding/planted.ts',
    "import type { Clock } from '../platform/index.ts';\nexport type C = Clock;\n",
    'finding-imports-down',
  ],
  [
    'src/finding/planted-package.ts',
    "import { parse } from 'yaml';\nexport const p: unknown = parse;\n",
    'pure-folders-no-packages',
  ],
  [
    'src/finding/planted-disk.ts',
    "import { stat } from 'node:fs';\nexport const p: unknown = stat;\n",
    'pure-folders-no-outside',
  ],
  [
    'src/doctor/planted-undici.ts',
    "import { Agent } from 'undici';\nexport const p: unknown = Agent;\n",
    'package ^undici$',
  ],
  [
    'src/doctor/planted-own-door.ts',
    "import { a } from './index.ts';\nexport const p: unknown = a;\n",
    'doctor-not-its-own-door',
  ],
  [
    'src/doctor/planted-cycle-one.ts',
    "import type { Two } from './planted-cycle-two.ts';\nexport type One = Two | 1;\n",
    'no-cycles',
  ],
  [
    'src/doctor/planted-sub-folder.ts',
    "import { inner } from './probes/inner.ts';\nexport const p: unknown = inner;\n",
    'doctor/probes-by-its-door',
  ],
  [
    'src/doctor/planted-adapter.ts',
    "import { x } from '../platform/adapters.ts';\nexport const p: unknown = x;\n",
    'platform/adapters.ts-for-roots-and-tests',
  ],
  ['src/helpers/planted.ts', clock, 'known-folder'],
];

/** What the planted files need to lead somewhere. */
const surroundings: Readonly<Record<string, string>> = {
  'src/failures/index.ts':
    "export { route } from './route.ts';\nexport type { Router } from './route.ts';\n",
  'src/failures/route.ts': 'export type Router = 1;\nexport const route: number = 1;\n',
  'src/console/index.ts': "export type { F } from './f.ts';\n",
  'src/console/f.ts': 'export type F = 1;\n',
  'src/main.ts': 'export const planted: number = 1;\n',
  'src/doctor/index.ts': "export { a } from './a.ts';\n",
  'src/doctor/a.ts': 'export const a: number = 1;\n',
  'src/doctor/planted.test.ts': 'export const t: number = 1;\n',
  'src/doctor/planted-cycle-two.ts':
    "import type { One } from './planted-cycle-one.ts';\nexport type Two = One | 2;\n",
  'src/doctor/probes/index.ts': "export { inner } from './inner.ts';\n",
  'src/doctor/probes/inner.ts': 'export const inner: number = 1;\n',
  'src/platform/adapters.ts': 'export const x: number = 1;\n',
};

test('the dependency tool sees every module of the clean tree and finds nothing wrong', async () => {
  await using copy = await workingCopy();
  const report = cruise(copy);
  const seen = report.modules
    .map((module) => module.source)
    .filter((source) => source.startsWith('src/'));
  assert.deepEqual(seen.toSorted(), copy.sources().toSorted());
  assert.ok(seen.length >= 20, `only ${seen.length} modules are under src`);
  assert.deepEqual(
    report.summary.violations.map(
      (violation) => `${violation.rule.name}: ${violation.from} → ${violation.to}`,
    ),
    [],
  );
});

test('each planted violation is found, a type-only import too', async () => {
  await using copy = await workingCopy();
  for (const [path, text] of Object.entries(surroundings)) await copy.write(path, text);
  for (const [path, text] of planted) await copy.write(path, text);
  const report = cruise(copy);
  for (const [path, , rule] of planted) {
    assert.ok(
      found(report, path).includes(rule),
      `${path}: expected ${rule}, found ${found(report, path).join(', ') || 'nothing'}`,
    );
  }
});

test('the exception in the table is the only way from one feature to another', async () => {
  await using copy = await workingCopy();
  await copy.write('src/failures/index.ts', "export { route } from './route.ts';\n");
  await copy.write('src/failures/route.ts', 'export const route: number = 1;\n');
  const text = "import { route } from '../failures/index.ts';\nexport const r: unknown = route;\n";
  await copy.write('src/guard/planted.ts', text);
  await copy.write('src/incidents/planted.ts', text);
  const report = cruise(copy);
  assert.deepEqual(found(report, 'src/guard/planted.ts'), []);
  assert.deepEqual(found(report, 'src/incidents/planted.ts'), ['incidents-imports-down']);
});
