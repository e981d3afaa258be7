import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createAuthority } from '../support/certificates.ts';
import { startDatabase } from '../support/checksum-database.ts';
import { startDnsServer } from '../support/dns-server.ts';
import { startHttpProxy } from '../support/forward-proxies.ts';
import { startHttpServer } from '../support/http-servers.ts';
import { runProgram } from '../support/start-program.ts';
import type { EndedProgram } from '../support/start-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Report {
  readonly milliseconds: number;
  readonly findings: readonly { readonly code: string; readonly severity: string }[];
  readonly probes: readonly { readonly name: string; readonly state: string }[];
}

interface Visitor {
  readonly home: string;
  visit(...words: readonly string[]): Promise<EndedProgram>;
  report(...words: readonly string[]): Promise<Report & { readonly code: number | null }>;
}

/** `cofferdam doctor` as a person runs it, in a repository that requires one module. */
async function visitor(
  t: TestContext,
  environment: Readonly<Record<string, string>>,
): Promise<Visitor> {
  const home = await temporaryFolder(t);
  const work = join(home, 'work');
  await mkdir(work);
  await writeFile(
    join(work, 'go.mod'),
    'module example.test/main\n\ngo 1.21\n\nrequire m.test/M1 v1.0.0\n',
  );
  const variables = { HOME: home, GOENV: 'off', GOFLAGS: '', GOTOOLCHAIN: 'local', ...environment };
  const visit: Visitor['visit'] = (...words) => runProgram(['doctor', ...words], variables, work);
  return {
    home,
    visit,
    async report(...words) {
      const { code, stdout, stderr } = await visit('--json', ...words);
      assert.notEqual(stdout, '', stderr);
      return { ...(JSON.parse(stdout) as Report), code };
    },
  };
}

test('a healthy machine gets no finding, quickly and with --deep, and exit code 0', async (t) => {
  const { origin, key } = await startDatabase(t);
  const { report, visit } = await visitor(t, { GOPROXY: origin.url, GOSUMDB: key });
  const quick = await report();
  assert.deepEqual([quick.findings, quick.code], [[], 0]);
  assert.ok(
    quick.probes.every(({ state }) => state === 'done'),
    JSON.stringify(quick.probes),
  );
  // The bar is two seconds on a quiet machine; tests share theirs.
  assert.ok(quick.milliseconds < 6000, `${quick.milliseconds} ms`);
  const deep = await report('--deep');
  assert.deepEqual([deep.findings, deep.code], [[], 0]);
  assert.ok(deep.probes.length > quick.probes.length);
  const text = await visit('--verbose');
  assert.match(
    text.stdout,
    /\nnothing wrong was found, \d+ probes in \d+\.\d s; --deep looks longer\n$/,
  );
  assert.equal(text.stderr, '');
});

test('a proxy where nothing listens is named first, with exit code 1 and the way out', async (t) => {
  const { report, visit } = await visitor(t, { GOPROXY: 'http://me:hunter22@127.0.0.1:1' });
  const { findings, code } = await report();
  assert.deepEqual([findings[0]?.code, code], ['tcp-connection-refused', 1]);
  const { stdout } = await visit();
  assert.match(stdout, /^error: nothing listens at 127\.0\.0\.1:1 \[tcp-connection-refused\]$/m);
  assert.match(stdout, /^ {2}hint: start the server/m);
  assert.equal(stdout.includes('hunter22'), false);
});

test('a resolver that is silent is named first, before the servers that nobody finds', async (t) => {
  const resolver = await startDnsServer(t, { silent: ['udp', 'tcp'] });
  const { report } = await visitor(t, { GOPROXY: 'https://proxy.invalid', GOSUMDB: 'off' });
  const { findings } = await report(
    '--resolver',
    `127.0.0.1:${resolver.port}`,
    '--patience',
    '0.2',
  );
  assert.equal(findings[0]?.code, 'dns-timeout');
});

test('a dead HTTPS_PROXY is named first, with its variable', async (t) => {
  const { visit } = await visitor(t, {
    GOPROXY: 'https://proxy.invalid',
    GOSUMDB: 'off',
    HTTPS_PROXY: 'http://127.0.0.1:1',
  });
  const { stdout } = await visit();
  const [first] = /^error: .*$/m.exec(stdout) ?? [];
  assert.match(
    first ?? '',
    /the forward proxy in HTTPS_PROXY cannot be reached \[http-proxy-unreachable\]/,
  );
});

test('a forward proxy that forbids the host is named first', async (t) => {
  const proxy = await startHttpProxy(t, { refuse: '403 Forbidden' });
  const { report } = await visitor(t, {
    GOPROXY: 'https://proxy.invalid',
    GOSUMDB: 'off',
    HTTPS_PROXY: proxy.url,
  });
  const { findings } = await report();
  assert.equal(findings[0]?.code, 'http-proxy-denied');
});

test('an unknown issuer is named first, and --confirm says whether it is that', async (t) => {
  const authority = await createAuthority(await temporaryFolder(t), 'House');
  const server = await startHttpServer(
    t,
    (_request, response) => response.writeHead(404).end('not found'),
    await authority.issue(['DNS:localhost'], 90),
  );
  const { report, visit } = await visitor(t, {
    GOPROXY: `https://localhost:${server.port}`,
    GOSUMDB: 'off',
  });
  assert.equal((await report()).findings[0]?.code, 'tls-unknown-ca');
  const yes = await visit('--confirm', 'tls-unknown-ca');
  assert.match(yes.stdout, /\ntls-unknown-ca is confirmed, 1 probe in /);
  assert.equal(yes.code, 1);
  const no = await visit('--confirm', 'cache-readonly');
  assert.match(no.stdout, /\ncache-readonly is not confirmed, 1 probe in /);
  assert.equal(no.code, 0);
  const nobody = await visit('--confirm', 'image-denied');
  assert.equal(nobody.code, 3);
  assert.match(nobody.stdout, /^no probe can confirm image-denied\nwhat can: .*manifest/);
  assert.equal((await visit('--confirm', 'no-such-thing')).code, 2);
});

test('--compare shows what a container has and the host has not', async (t) => {
  const { origin, key } = await startDatabase(t);
  const { visit, home } = await visitor(t, { GOPROXY: origin.url, GOSUMDB: key });
  const [host, container] = [join(home, 'host.json'), join(home, 'container.json')];
  await writeFile(host, (await visit('--json')).stdout);
  await writeFile(container, (await visit('--json', '--proxy', 'http://127.0.0.1:1')).stdout);
  const { stdout, code } = await visit('--compare', host, container);
  assert.match(stdout, /^finding: tcp-connection-refused nothing listens at 127\.0\.0\.1:1$/m);
  assert.equal(code, 1);
  assert.equal((await visit('--compare', host, host)).code, 0);
  assert.equal((await visit('--compare', host)).code, 2);
  assert.equal((await visit('--compare', host, join(home, 'gone.json'))).code, 2);
  assert.ok((await readFile(host, 'utf8')).endsWith('}\n'));
});

test('what is no address of a resolver, no factor and no probe is refused', async (t) => {
  const { visit } = await visitor(t, { GOPROXY: 'off' });
  for (const words of [
    ['--resolver', 'dns.test'],
    ['--patience', 'much'],
    ['--only', 'nothing'],
  ]) {
    const { code, stderr } = await visit(...words);
    assert.equal(code, 2, words.join(' '));
    assert.match(stderr, /^error: /);
  }
});
