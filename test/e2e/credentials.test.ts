// The same request by the real go and through our HTTP client: both must show the server the same
// credentials, first and after a refusal.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import {
  createDiskFiles,
  createHttpClient,
  createProcesses,
  createQuietLogger,
  createSystemClock,
} from '../../src/platform/adapters.ts';
import type { HttpClient } from '../../src/platform/http/index.ts';
import { createCredentials } from '../../src/proxy/upstream/index.ts';
import type { Credentials } from '../../src/proxy/upstream/index.ts';
import { createAuthority } from '../support/certificates.ts';
import { startHttpServer } from '../support/http-servers.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** aladdin:opensesame */
const good = 'Basic YWxhZGRpbjpvcGVuc2VzYW1l';
const path = '/go/example.com/m/@v/v1.0.0.info';

interface Stage {
  readonly folder: string;
  readonly host: string;
  /** What the server saw of each request for the `.info`: authorization, X-Token. */
  readonly seen: string[];
  readonly heads: string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** A proxy over TLS that refuses everybody but aladdin, for whom the module does not exist. */
async function setStage(context: TestContext): Promise<Stage> {
  const folder = await temporaryFolder(context);
  const authority = await createAuthority(folder, 'credentials');
  const seen: string[] = [];
  const heads: string[] = [];
  const server = await startHttpServer(
    context,
    (request, response) => {
      const { authorization = 'none' }: IncomingHttpHeaders = request.headers;
      if (request.method === 'HEAD') heads.push(`${request.url ?? ''} ${authorization}`);
      else if (request.url === path) {
        seen.push(`${authorization}, ${String(request.headers['x-token'] ?? 'none')}`);
      }
      const isGood = authorization === good;
      const status = !isGood ? 401 : request.method === 'HEAD' ? 200 : 404;
      response.writeHead(status, { 'content-type': 'text/plain', 'www-authenticate': 'Basic' });
      response.end(request.method === 'HEAD' ? undefined : 'no\n');
    },
    await authority.issue(['IP:127.0.0.1']),
  );
  const environment = {
    PATH: `${folder}:${process.env['PATH'] ?? ''}`,
    HOME: folder,
    GOPATH: join(folder, 'gopath'),
    GOFLAGS: '-modcacherw',
    GOTOOLCHAIN: 'local',
    GOSUMDB: 'off',
    GOENV: 'off',
    SSL_CERT_FILE: authority.file,
    GIT_CONFIG_NOSYSTEM: '1',
    NO_PROXY: '127.0.0.1',
  };
  return { folder, host: `127.0.0.1:${server.port}`, seen, heads, environment };
}

async function askWithGo(stage: Stage, goauth: string, userInfo: string): Promise<string[]> {
  const GOPROXY = `https://${userInfo}${stage.host}/go`;
  stage.seen.length = 0;
  await new Promise<void>((resolve) => {
    const env = { ...stage.environment, GOPROXY, GOAUTH: goauth };
    const command = ['mod', 'download', 'example.com/m@v1.0.0'];
    execFile('go', command, { cwd: stage.folder, env }, () => resolve());
  });
  return [...stage.seen];
}

async function askWithUs(
  stage: Stage,
  http: HttpClient,
  credentials: Credentials,
  userInfo: string,
): Promise<string[]> {
  const url = `https://${userInfo}${stage.host}${path}`;
  const limits = { connectMilliseconds: 5000, headersMilliseconds: 5000, idleMilliseconds: 5000 };
  const signal = AbortSignal.timeout(10_000);
  stage.seen.length = 0;
  const sent = await credentials.headersFor(url);
  const first = await http.request({ method: 'GET', url, headers: sent, signal, ...limits });
  first.discard();
  const again = await credentials.afterRefusal(url, first.status, first.headers, sent);
  if (again !== undefined) {
    (await http.request({ method: 'GET', url, headers: again, signal, ...limits })).discard();
  }
  return [...stage.seen];
}

async function compare(
  stage: Stage,
  goauth: string,
  expected: readonly string[],
  userInfo = '',
): Promise<void> {
  const byGo = await askWithGo(stage, goauth, userInfo);
  assert.equal(byGo.length, 2, 'go repeats every 4xx');
  const http = createHttpClient({}, { version: 'test', environment: stage.environment });
  const credentials = createCredentials(
    {
      processes: createProcesses(),
      files: createDiskFiles(),
      http,
      clock: createSystemClock(),
      logger: createQuietLogger(),
    },
    { goauth, directory: stage.folder, environment: stage.environment },
  );
  const byUs = await askWithUs(stage, http, credentials, userInfo);
  await credentials.settled();
  await http.close();
  assert.deepEqual(byUs, expected);
  // We leave out only a repetition that would say the same again.
  assert.deepEqual(byUs.length === 1 ? [...byUs, ...byUs] : byUs, byGo);
}

async function script(stage: Stage, name: string, body: string): Promise<void> {
  await writeFile(join(stage.folder, name), `#!/bin/sh\n${body}\n`);
  await chmod(join(stage.folder, name), 0o755);
}

function print(stage: Stage, header: string, place = ''): string {
  return `printf 'https://${stage.host}${place}\\n\\n${header}\\n\\n'`;
}

test('netrc, user info and off show the server what go shows it', async (context) => {
  const stage = await setStage(context);
  const none = 'none, none';
  const known = `${good}, none`;
  const fromUrl = `Basic ${Buffer.from('a b:c:d@').toString('base64')}, none`;
  await writeFile(join(stage.folder, '.netrc'), 'machine 127.0.0.1 login u password p\n');
  await compare(stage, 'netrc', [none]);
  await writeFile(
    join(stage.folder, '.netrc'),
    `machine ${stage.host}\nlogin aladdin\n\tpassword opensesame\nmachine ${stage.host} login u password p\n`,
  );
  await compare(stage, '', [known]);
  await compare(stage, 'off', [none]);
  await compare(stage, 'off', [fromUrl], 'a%20b:c:d%40@');
  await compare(stage, 'netrc', [fromUrl], 'a%20b:c:d%40@');
});

test('commands in GOAUTH show the server what go shows it', async (context) => {
  const stage = await setStage(context);
  const known = `${good}, none`;
  await writeFile(join(stage.folder, '.netrc'), `machine ${stage.host} login u password p\n`);
  const fromNetrc = `Basic ${Buffer.from('u:p').toString('base64')}, none`;
  await script(stage, 'at-once', print(stage, `Authorization: ${good}`));
  await script(
    stage,
    'when-asked',
    `[ -n "$1" ] && grep -q '^HTTP/.* 401 ' && ${print(stage, `Authorization: ${good}`)}`,
  );
  await script(stage, 'token', print(stage, 'X-Token: t', '/go/example.com'));
  await script(stage, 'garbled', `${print(stage, `Authorization: ${good}`)}; echo more`);
  await compare(stage, 'at-once', [known]);
  await compare(stage, 'at-once; netrc', [known]);
  await compare(stage, 'netrc; at-once', [fromNetrc]);
  await compare(stage, 'token; at-once', ['none, t']);
  await compare(stage, 'garbled; netrc', [fromNetrc]);
  await compare(stage, 'when-asked', ['none, none', known]);
  await compare(stage, 'when-asked; netrc', [fromNetrc, known]);
});

test('git in GOAUTH shows the server what go shows it, and its helper learns the outcome', async (context) => {
  const stage = await setStage(context);
  const work = join(stage.folder, 'work');
  const learned = join(stage.folder, 'learned');
  await mkdir(work);
  await script(
    stage,
    'helper',
    `[ "$1" = get ] && printf 'username=aladdin\\npassword=opensesame\\n'; [ "$1" = get ] || echo "$1" >>${learned}`,
  );
  await writeFile(
    join(stage.folder, '.gitconfig'),
    `[credential]\n\thelper = ${join(stage.folder, 'helper')}\n`,
  );
  await compare(stage, `git ${work}`, ['none, none', `${good}, none`]);
  assert.equal(stage.heads.at(-1), `/ ${good}`);
  assert.match(await readFile(learned, 'utf8'), /store\n$/);
});
