import assert from 'node:assert/strict';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { alarms, examine } from '../../../test/support/examine.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import type { DoctorReport } from '../index.ts';
import { brokenRewrite } from './judge-repositories.ts';

/** A repository that requires one private module, and a git that says what a real one would. */
async function visit(
  t: TestContext,
  path: string,
  script: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<DoctorReport> {
  const directory = await temporaryFolder(t);
  await writeFile(
    join(directory, 'go.mod'),
    `module example.test/main\n\ngo 1.21\n\nrequire ${path} v1.0.0\n`,
  );
  const git = join(directory, 'git');
  await writeFile(
    git,
    `#!/bin/sh\ncase "$1" in --version) echo git version 2.99.0;; ls-remote) ${script};; esac\n`,
  );
  await chmod(git, 0o755);
  const variables = {
    GOPROXY: 'https://proxy.test',
    GOPRIVATE: 'private.test',
    PATH: `${directory}:/usr/bin:/bin`,
    ...environment,
  };
  return examine(t, variables, { only: ['repositories'], directory, patience: 0.3 });
}

const MODULE = 'private.test/team/app.git';

test('a repository that answers gives no finding, and git is never allowed to ask a person', async (t) => {
  const report = await visit(
    t,
    MODULE,
    '[ "$GIT_TERMINAL_PROMPT" = 0 ] && [ "$4" = https://private.test/team/app.git ] && echo 0 HEAD',
  );
  assert.deepEqual(report.findings, []);
  assert.deepEqual(
    report.probes[0]?.observations.map(({ text }) => text),
    ['git version 2.99.0', 'its repository answers'],
  );
});

const planted: readonly [says: string, code: string][] = [
  [
    "fatal: could not read Username for 'https://private.test': terminal prompts disabled",
    'git-auth-https-prompt',
  ],
  ["fatal: Authentication failed for 'https://private.test/'", 'git-auth-failed'],
  ['fatal: unable to access: The requested URL returned error: 403', 'git-forbidden'],
  ["remote: Repository not found. fatal: repository 'x' not found", 'git-repo-not-found'],
  ['git@private.test: Permission denied (publickey).', 'git-ssh-publickey'],
  ['Host key verification failed.', 'git-ssh-hostkey'],
  ['ssh: connect to host private.test port 22: Connection timed out', 'git-ssh-unreachable'],
  [
    'ssh: Could not resolve hostname private.test:team: Name or service not known',
    'git-insteadof-broken',
  ],
  ['fatal: unable to access: Could not resolve host: private.test', 'git-dns'],
  [
    'fatal: unable to access: SSL certificate problem: unable to get local issuer certificate',
    'git-tls',
  ],
  ['fatal: unable to access: CONNECT tunnel failed, response 403', 'git-proxy'],
  ['fatal: unable to access: The requested URL returned error: 502', 'git-http-5xx'],
  [
    'fatal: unable to access: Failed to connect to private.test port 443: Connection refused',
    'git-connect',
  ],
];
for (const [says, code] of planted) {
  test(`git that says "${says.slice(0, 60)}" is ${code}`, async (t) => {
    const report = await visit(t, MODULE, `echo "${says}" >&2; exit 128`);
    assert.deepEqual(alarms(report), [code]);
    assert.equal(report.findings[0]?.evidence[0]?.text.slice(0, 20), says.slice(0, 20));
  });
}

test('words that nobody knows give no finding', async (t) => {
  assert.deepEqual(alarms(await visit(t, MODULE, 'echo "fatal: bad luck" >&2; exit 1')), []);
});

test('a git that does not end is named as one that cannot connect', async (t) => {
  assert.deepEqual(alarms(await visit(t, MODULE, 'exec sleep 30')), ['git-connect']);
});

test('without git that is said only where modules come from repositories', async (t) => {
  const nowhere = await temporaryFolder(t);
  assert.deepEqual(alarms(await visit(t, MODULE, 'true', { PATH: nowhere })), ['git-missing']);
  assert.deepEqual(alarms(await visit(t, 'public.test/a', 'true', { PATH: nowhere })), []);
});

test('a rewrite with a colon and no port is named before anything is asked', () => {
  const broken = brokenRewrite('url.ssh://git@github.com:team.insteadof https://github.com/team\n');
  assert.equal(broken?.code, 'git-insteadof-broken');
  for (const to of [
    'git@github.com:',
    'ssh://git@github.com/',
    'ssh://git@host.test:2222/',
    'https://me:pass@github.com/',
  ]) {
    assert.equal(brokenRewrite(`url.${to}.insteadof https://github.com/\n`), undefined);
  }
});
