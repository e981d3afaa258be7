import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { alarms, examine } from '../../../test/support/examine.ts';
import { startOrigin } from '../../../test/support/start-origin.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import type { DoctorReport } from '../index.ts';

const MODULE = { path: 'sound.test/module', version: 'v1.0.0', zipBytes: 300_000 };

async function visit(t: TestContext, url: string): Promise<DoctorReport> {
  const directory = await temporaryFolder(t);
  const text = `module example.test/main\n\ngo 1.21\n\nrequire ${MODULE.path} ${MODULE.version}\n`;
  await writeFile(join(directory, 'go.mod'), text);
  return examine(t, { GOPROXY: url }, { only: ['link-quality'], deep: true, directory });
}

test('a sound link gives no finding, and ten connections and a zip are shown', async (t) => {
  const origin = await startOrigin(t, { modules: [MODULE] });
  const report = await visit(t, origin.url);
  assert.deepEqual(report.findings, []);
  const seen = report.probes[0]?.observations.map(({ text }) => text) ?? [];
  assert.match(seen[0] ?? '', /^10 of 10 connections, \d+ to \d+ ms$/);
  assert.match(seen[1] ?? '', /^zip: 293 KiB of sound\.test\/module in \d+ ms$/);
});

test('a zip that ends early is named, and so is one that is none', async (t) => {
  const origin = await startOrigin(t, {
    modules: [MODULE],
    faults: [{ kinds: ['zip'], fault: { kind: 'cut', afterBytes: 1000, framing: 'length' } }],
  });
  assert.deepEqual(alarms(await visit(t, origin.url)), ['download-truncated']);
  origin.setFaults([{ kinds: ['zip'], fault: { kind: 'html' } }]);
  assert.deepEqual(alarms(await visit(t, origin.url)), ['zip-not-valid']);
});
