import { createDatabase } from '../world/checksum-database.ts';
import { makeModule } from '../world/module-files.ts';
import { makeAnswers, moduleProxy, send } from '../world/module-proxy.ts';
import type { World } from '../world/world.ts';
import {
  again,
  askedHost,
  codeHost,
  fix,
  guarded,
  MIRROR,
  otherProxy,
  soundProxy,
  theModule,
  type Fix,
  type Fixes,
} from './fix.ts';

const DATABASE = 'sum.golang.org';

/** A checksum database that answers; the key is the one of the laboratory that made it. */
async function soundDatabase(world: World): Promise<string> {
  const sums = await createDatabase(world, DATABASE, [makeModule(theModule(world))]);
  await world.web(DATABASE, (request, response) => {
    const body = sums.answer((request.url ?? '/').slice(1));
    if (body === undefined) send(response, 404, 'not found');
    else response.end(body);
  });
  return sums.key;
}

function databaseAgain(name: string, how: string): Fix {
  return fix(name, how, async (world, planted) => ({
    env: { ...planted.env, GOSUMDB: await soundDatabase(world) },
  }));
}

function inFront(name: string, how: string): Fix {
  return fix(name, how, async (world, planted) => ({
    env: {
      ...planted.env,
      GOPROXY: `${await soundProxy(world)},${planted.env?.['GOPROXY'] ?? ''}`,
    },
  }));
}

/** What module proxies and checksum databases answer. */
export const moduleProxyFixes: Fixes = {
  'proxy-not-found': fix(
    'private-asked-publicly',
    'GOPRIVATE has the organisation, so that its host is asked',
    async (world, planted) => {
      await codeHost(world);
      const owner = world.names.module(0).split('/').slice(0, 2).join('/');
      return { env: { ...planted.env, GOPRIVATE: owner } };
    },
  ),
  'proxy-fetch-timeout': fix('too-big', 'GONOPROXY has that one path', async (world, planted) => {
    await codeHost(world);
    return { env: { ...planted.env, GONOPROXY: world.names.module(0) } };
  }),
  'proxy-unauthorized': fix(
    'no-token',
    'the token stands in the netrc of the build user',
    async (world, planted) => {
      const host = askedHost(planted);
      await world.web(host, guarded(moduleProxy([theModule(world)]), 'token-of-ci'));
      const netrc = `machine ${host} login ci password token-of-ci\n`;
      return { files: { ...planted.files, [`${world.names.home}/.netrc`]: netrc } };
    },
  ),
  'proxy-forbidden': again('policy', 'the version was approved'),
  'proxy-zip-storage-blocked': otherProxy('zip-only', 'a proxy inside fetches the zips'),
  'proxy-rate-limited': again('too-many', 'waited, then the same command'),
  'proxy-5xx': fix('500', 'the list has a second proxy behind a pipe', async (world, planted) => ({
    env: {
      ...planted.env,
      GOPROXY: `${planted.env?.['GOPROXY'] ?? ''}|${await soundProxy(world)}`,
    },
  })),
  'proxy-non-json': fix(
    'login-page',
    'GOPROXY has the API path of the service',
    async (world, planted) => {
      const answers = makeAnswers([theModule(world)]);
      const host = askedHost(planted);
      await world.web(host, (request, response) => {
        const [, path] =
          /^\/api\/go\/golang(\/.*)$/.exec(decodeURIComponent(request.url ?? '')) ?? [];
        const answer = path === undefined ? undefined : answers(path);
        if (answer === undefined) send(response, 404, 'not found');
        else response.end(answer);
      });
      return { env: { ...planted.env, GOPROXY: `https://${host}/api/go/golang` } };
    },
  ),
  'proxy-bad-gomod': again('page-as-go-mod', 'the proxy forgot the file and fetched it anew'),
  'proxy-wrong-version': inFront('info-of-another', 'another proxy stands in front of it'),
  'zip-not-valid': inFront('page-as-zip', 'a second proxy is first in the list'),
  'zip-checksum-error': again('one-byte', 'tried again, and the bytes came as they were sent'),
  'proxy-bad-content': again('not-gzip', 'the cache in front of the proxy compresses nothing'),
  'zip-unexpected-file': again('other-module', 'the proxy purged that version and made it anew'),
  'module-zip-rejected': fix(
    'bad-file-name',
    'an older version was required',
    async (world, planted) => {
      const { path } = theModule(world);
      await world.web(askedHost(planted), moduleProxy([{ path, version: 'v0.0.1' }]));
      return { typed: `go mod edit -require=${path}@v0.0.1` };
    },
  ),
  'goproxy-misconfigured': settingsWithMirror(
    'bad-entry',
    'the list has whole URLs, with their scheme',
  ),
  'goproxy-off': fix('off', 'the modules were downloaded before, with network', async (world) => ({
    typed: `GOPROXY=${await soundProxy(world)} go mod download`,
    command: 'go build -mod=mod ./...',
  })),
  'proxy-file-missing': fix(
    'no-such-file',
    'the directory was filled from the download cache of a machine that has the version',
    async (world, planted) => {
      const folder = (planted.env?.['GOPROXY'] ?? '').slice('file://'.length);
      const cache = `${world.names.gopath}/pkg/mod/cache/download`;
      return {
        typed: `GOPROXY=${await soundProxy(world)} go mod download && mkdir -p ${folder} && cp -r ${cache}/. ${folder} && go clean -modcache`,
      };
    },
  ),
  'sumdb-not-found': fix(
    'private-module',
    'GOPRIVATE has the organisation, which keeps the database out as well',
    async (world, planted) => {
      await codeHost(world);
      return { env: { ...planted.env, GOPRIVATE: 'github.com' } };
    },
  ),
  'sumdb-5xx': databaseAgain('50x', 'tried again when the database answers'),
  'sumdb-tile-missing': databaseAgain('no-tiles', 'a database was named that has all its tiles'),
  'sumdb-bad-record': databaseAgain('page', 'the portal was taken out of the way'),
  'sumdb-unreachable': fix(
    'dns',
    'a complete go.sum was committed, so that the database is not asked',
    (world, planted) => ({
      files: { ...planted.files, 'go.sum': makeModule(theModule(world)).sum },
    }),
  ),
  'gosumdb-misconfigured': databaseAgain('bad-key', 'GOSUMDB has name, hash and key'),
};

function settingsWithMirror(name: string, how: string): Fix {
  return fix(name, how, async (world, planted) => {
    await world.mirror([theModule(world)]);
    return { env: { ...planted.env, GOPROXY: `${MIRROR},direct` } };
  });
}
