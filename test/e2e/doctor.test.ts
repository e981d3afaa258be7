import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { runProgram } from '../support/start-program.ts';
import type { EndedProgram } from '../support/start-program.ts';
import { startOrigin } from '../support/start-origin.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MODULE = { path: 'sound.test/module', version: 'v1.0.0', zipBytes: 1000 };

interface Visit extends EndedProgram {
  readonly report: { readonly findings: readonly { readonly code: string }[] };
}

/** `cofferdam doctor` as a person runs it, in a repository that requires one module. */
async function visit(
  t: TestContext,
  environment: Readonly<Record<string, string>>,
  ...words: readonly string[]
): Promise<Visit> {
  const home = await temporaryFolder(t);
  await mkdir(join(home, 'work'));
  await writeFile(
    join(home, 'work', 'go.mod'),
    `module example.test/main\n\ngo 1.21\n\nrequire ${MODULE.path} ${MODULE.version}\n`,
  );
  const ended = await runProgram(
    ['doctor', '--json', ...words],
    { HOME: home, GOENV: 'off', GOFLAGS: '', GOTOOLCHAIN: 'local', ...environment },
    join(home, 'work'),
  );
  return { ...ended, report: JSON.parse(ended.stdout) as Visit['report'] };
}

test('doctor finds nothing wrong with a sound proxy, and ends with 0', async (t) => {
  const origin = await startOrigin(t, { modules: [MODULE], checksumDatabase: 'sum.golang.org' });
  const { code, report, stderr } = await visit(t, { GOPROXY: origin.url });
  assert.deepEqual(report.findings, []);
  assert.equal(code, 0, stderr);
});

test('doctor names a proxy where nothing listens, and ends with 1', async (t) => {
  const origin = await startOrigin(t, {});
  await origin.close();
  const { code, report } = await visit(t, { GOPROXY: origin.url });
  assert.deepEqual(
    report.findings.map((finding) => finding.code),
    ['tcp-connection-refused'],
  );
  assert.equal(code, 1);
});
