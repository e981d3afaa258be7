import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startDatabase } from '../../../test/support/checksum-database.ts';
import { alarms, examine } from '../../../test/support/examine.ts';
import { startHttpServer } from '../../../test/support/http-servers.ts';
import { startOrigin } from '../../../test/support/start-origin.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import type { DoctorReport } from '../index.ts';

const only = ['module-proxies', 'checksum-database'];

async function visit(
  t: TestContext,
  goproxy: string,
  gosumdb: string,
  path = 'm.test/M1',
): Promise<DoctorReport> {
  const directory = await temporaryFolder(t);
  await writeFile(
    join(directory, 'go.mod'),
    `module example.test/main\n\ngo 1.21\n\nrequire ${path} v1.0.0\n`,
  );
  return examine(t, { GOPROXY: goproxy, GOSUMDB: gosumdb }, { only, directory });
}

test('a database that a proxy relays is asked there, and its signature is checked', async (t) => {
  const { origin, key, name } = await startDatabase(t);
  const report = await visit(t, origin.url, key);
  assert.deepEqual(report.findings, []);
  const seen = report.probes[1]?.observations[0];
  assert.equal(seen?.subject, name);
  assert.match(seen?.text ?? '', /^through 127\.0\.0\.1:\d+: signed tree of \d+ records$/);
});

test('a database with a URL is asked directly, whatever GOPROXY is', async (t) => {
  const { origin, key, name } = await startDatabase(t);
  const other = await startOrigin(t, {});
  const report = await visit(t, `${other.url},direct`, `${key} ${origin.url}/sumdb/${name}`);
  assert.deepEqual(alarms(report), []);
  assert.match(report.probes[1]?.observations[0]?.text ?? '', /^directly: signed tree/);
});

test('a database that is signed by another key is named first', async (t) => {
  const { origin, name } = await startDatabase(t);
  const other = 'db.example/sum+aeb5d4bf+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';
  const report = await visit(t, origin.url, `${other} ${origin.url}/sumdb/${name}`);
  assert.deepEqual(alarms(report), ['sumdb-bad-record']);
  assert.match(report.findings[0]?.explanation ?? '', /not signed by the key of db\.example\/sum/);
});

const planted: readonly [cause: string, status: number, body: string, code: string][] = [
  ['a database that fails', 503, 'try later', 'sumdb-5xx'],
  ['a page in place of a database', 200, '<html>log in</html>', 'sumdb-bad-record'],
  ['a database that refuses', 403, 'no', 'sumdb-bad-record'],
];
for (const [cause, status, body, code] of planted) {
  test(`${cause} is named first: ${code}`, async (t) => {
    const { origin, key } = await startDatabase(t);
    const server = await startHttpServer(t, (_request, response) => {
      response.writeHead(status).end(body);
    });
    const report = await visit(t, origin.url, `${key} ${server.url}`);
    assert.deepEqual(alarms(report), [code]);
  });
}

test('a database that cannot be reached is named, but not where the proxy itself is the cause', async (t) => {
  const { origin, key } = await startDatabase(t);
  const report = await visit(t, origin.url, `${key} http://127.0.0.1:1`);
  assert.deepEqual(alarms(report), ['sumdb-unreachable']);
  const dead = await visit(t, 'http://127.0.0.1:1', key);
  assert.deepEqual(alarms(dead), ['tcp-connection-refused']);
  assert.deepEqual(
    dead.hidden.map(({ code }) => code),
    ['sumdb-unreachable'],
  );
});

test('a module that the database does not know is a warning', async (t) => {
  const { origin, key } = await startDatabase(t);
  const report = await visit(t, `${origin.url},direct`, key, 'unknown.test/module');
  assert.deepEqual(alarms(report), ['sumdb-not-found']);
});
