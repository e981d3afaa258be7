import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createDiskFiles, createProcesses, createSystemClock } from '../../platform/adapters.ts';
import type { Files } from '../../platform/index.ts';
import { programs } from '../../../test/support/examine.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import type { DoctorNeeds } from '../needs.ts';
import { gatherPatient } from './gather-patient.ts';
import type { PatientOptions } from './gather-patient.ts';
import type { Patient } from './patient.ts';

const { signal } = new AbortController();

function gather(
  directory: string,
  environment: Readonly<Record<string, string>> = {},
  options: Partial<PatientOptions> = {},
  resolverFile = '',
): Promise<Patient> {
  const disk = createDiskFiles();
  const files: Files = {
    ...disk,
    readWhole: async (path, limit) =>
      path === '/etc/resolv.conf' ? Buffer.from(resolverFile) : disk.readWhole(path, limit),
  };
  const needs = {
    files,
    clock: createSystemClock(),
    processes: createProcesses(),
  } as unknown as DoctorNeeds;
  const variables = { PATH: directory, GOPROXY: 'https://proxy.test,direct', ...environment };
  return gatherPatient(
    needs,
    { directory, environment: variables, deep: false, ...options },
    signal,
  );
}

test('the sample is the first public requirement that nothing replaces', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(
    join(folder, 'go.mod'),
    'module m.test/main\n\ngo 1.21\n\nrequire (\n\tprivate.test/a v1.0.0\n\treplaced.test/b v0.0.0\n\tpublic.test/c v1.2.3\n)\n\nreplace replaced.test/b => ../b\n',
  );
  const patient = await gather(folder, { GOPRIVATE: 'private.test' });
  assert.deepEqual(patient.sample, { path: 'public.test/c', version: 'v1.2.3', isRequired: true });
  assert.deepEqual(patient.privateModules, [{ path: 'private.test/a', version: 'v1.0.0' }]);
  assert.equal(patient.hasSums, false);
  const direct = await gather(folder, { GOPROXY: 'direct' });
  assert.deepEqual(
    direct.privateModules.map(({ path }) => path),
    ['private.test/a', 'public.test/c'],
  );
  assert.deepEqual((await gather(folder, { GOPROXY: 'off' })).privateModules, []);
});

test('hundreds of patterns and thousands of requirements take about a second', async (t) => {
  const folder = await temporaryFolder(t);
  const lines = Array.from({ length: 10_000 }, (_, at) => `git.corp.test/team${at}/m${at} v1.0.0`);
  const text = `module m.test/main\n\ngo 1.21\n\nrequire (\n${lines.join('\n')}\n)\n`;
  await writeFile(join(folder, 'go.mod'), text);
  const patterns = Array.from({ length: 500 }, (_, at) => `*g*i*t*/*t*e*m*/*m*${at}x?`);
  const began = process.cpuUsage();
  const hard = await gather(folder, { GOPRIVATE: patterns.join(',') });
  assert.ok(process.cpuUsage(began).user < 4_000_000);
  assert.deepEqual(hard.privateModules, []);
  const easy = await gather(folder, { GOPRIVATE: ['git.corp.test/team9999', 'a.test'].join(',') });
  assert.deepEqual(
    easy.privateModules.map(({ path }) => path),
    ['git.corp.test/team9999/m9999'],
  );
});

test('without a go.mod a well-known module is asked, and nothing depends on it', async (t) => {
  const patient = await gather(await temporaryFolder(t));
  assert.deepEqual(patient.sample, {
    path: 'golang.org/x/text',
    version: 'v0.3.0',
    isRequired: false,
  });
});

test('a requirement of a workspace may be a module of the workspace', async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'a'));
  await writeFile(join(folder, 'go.work'), 'go 1.21\n\nuse ./a\n');
  const text = 'module m.test/a\n\ngo 1.21\n\nrequire m.test/b v0.0.0\n';
  await writeFile(join(folder, 'a', 'go.mod'), text);
  const variables = { ...programs, HOME: folder, GOENV: 'off', GOFLAGS: '', GOTOOLCHAIN: 'local' };
  const patient = await gather(join(folder, 'a'), variables);
  assert.equal(patient.sample.path, 'm.test/b');
  assert.equal(patient.sample.isRequired, false);
});

test('servers are told with the forward proxy on the way, and whether builds need them', async (t) => {
  const folder = await temporaryFolder(t);
  const environment = { HTTPS_PROXY: 'http://proxy.corp.test:3128', NO_PROXY: 'b.test' };
  const options = { proxies: 'https://a.test/x|https://b.test:8443,http://c.test' };
  const { targets } = await gather(folder, environment, options);
  assert.deepEqual(
    targets.map(({ url, endpoint, via, isNeeded }) => [url, endpoint.port, via?.host, isNeeded]),
    [
      ['https://a.test', 443, 'proxy.corp.test', false],
      ['https://b.test:8443', 8443, undefined, false],
      ['http://c.test', 80, undefined, false],
    ],
  );
});

test('resolv.conf is read as Go reads it', async (t) => {
  const folder = await temporaryFolder(t);
  const text =
    '# made by hand\nnameserver 10.0.0.1 ; first\nnameserver nonsense\nnameserver 2001:db8::1\nnameserver 10.0.0.2\nnameserver 10.0.0.3\nsearch a.test b.test\noptions ndots:5 use-vc\n';
  const { resolver } = await gather(folder, {}, {}, text);
  assert.deepEqual(
    resolver.servers.map(({ host }) => host),
    ['10.0.0.1', '2001:db8::1', '10.0.0.2'],
  );
  assert.deepEqual([resolver.search, resolver.dots], [['a.test', 'b.test'], 5]);
  const empty = await gather(folder, {}, {}, '');
  assert.deepEqual(empty.resolver.servers, [{ host: '127.0.0.1', port: 53 }]);
  const given = await gather(folder, {}, { resolvers: [{ host: '192.0.2.1', port: 5353 }] }, text);
  assert.deepEqual(given.resolver.servers, [{ host: '192.0.2.1', port: 5353 }]);
});
