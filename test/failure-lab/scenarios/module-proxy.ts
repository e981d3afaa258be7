import type { Scenario } from '../scenario.ts';
import { makeModule } from '../world/module-files.ts';
import { LOGIN_PAGE, send } from '../world/module-proxy.ts';
import { buildZip } from '../../support/sample-zips.ts';
import { DOWNLOAD } from './common.ts';
import { asking } from './network.ts';
import { MODERN, theModule, bad, status, body, ZIP_COMMANDS } from './module-proxy-planting.ts';

export const moduleProxyAnswers: readonly Scenario[] = [
  bad(
    'proxy-not-found',
    'typo',
    /reading https:\S+\/@v\/\S+: 404 Not Found/u,
    () => (_, __, response) => {
      send(response, 404, 'not found: module lookup failed');
      return true;
    },
  ),
  bad(
    'proxy-not-found',
    'private-asked-publicly',
    /reading https:\S+\/@v\/\S+: (?:410 Gone|404 Not Found)/u,
    (world) => (path, _, response) => {
      const repository = world.names.module(0);
      const said = world.names.pick([
        `not found: ${repository}@${world.names.version(0)}: invalid version: git ls-remote -q origin in /tmp/gopath/pkg/mod/cache/vcs/5f0f: exit status 128:\n\tfatal: could not read Username for 'https://github.com': terminal prompts disabled\nConfirm the import path was entered correctly.\nIf this is a private repository, see https://golang.org/doc/faq#git_https for additional information.`,
        `not found: ${repository}@${world.names.version(0)}: invalid version: unknown revision ${world.names.version(0)}`,
      ]);
      void path;
      send(response, world.names.pick([404, 410]), said);
      return true;
    },
  ),
  bad(
    'proxy-fetch-timeout',
    'too-big',
    /not found: .*fetch timed out/u,
    (world) => (_, __, response) => {
      send(
        response,
        404,
        `not found: ${world.names.module(0)}@${world.names.version(0)}: fetch timed out`,
      );
      return true;
    },
  ),
  bad(
    'proxy-unauthorized',
    'no-token',
    /reading https:\S+: 401 Unauthorized/u,
    status(401, undefined),
    { host: 'company' },
  ),
  bad(
    'proxy-unauthorized',
    'bad-token',
    /reading https:\S+: 401 Unauthorized/u,
    status(401, 'Unauthorized: token expired\n'),
    { host: 'company' },
  ),
  bad(
    'proxy-forbidden',
    'policy',
    /reading https:\S+: 403 Forbidden/u,
    status(403, 'blocked by policy: licence GPL-3.0 is not allowed\n'),
    { host: 'company' },
  ),
  bad(
    'proxy-forbidden',
    'silent-policy',
    /reading https:\S+: 403 Forbidden/u,
    status(403, undefined, ['.mod', '.zip', '.info', 'list']),
    { host: 'company' },
  ),
  bad(
    'proxy-zip-storage-blocked',
    'zip-only',
    /reading https:\/\/proxy\.golang\.org\S+\.zip: 403 Forbidden/u,
    status(403, undefined, ['.zip']),
    { host: 'proxy.golang.org' },
  ),
  bad(
    'proxy-rate-limited',
    'too-many',
    /reading https:\S+: 429 Too Many Requests/u,
    status(429, 'slow down\n'),
  ),
  bad(
    'proxy-rate-limited',
    'zips',
    /reading https:\S+\.zip: 429 Too Many Requests/u,
    status(429, undefined, ['.zip']),
    ZIP_COMMANDS,
  ),
  bad(
    'proxy-5xx',
    '500',
    /reading https:\S+: 500 Internal Server Error/u,
    status(500, 'internal error\n'),
  ),
  bad('proxy-5xx', 'gateway', /reading https:\S+: 50[234] .*/u, (world) =>
    status(world.names.pick([502, 503, 504]), undefined)(world, makeModule(theModule(world))),
  ),
  bad(
    'proxy-bad-request',
    '400',
    /reading https:\S+: 400 Bad Request/u,
    status(400, 'bad request: version is not valid\n'),
  ),
  bad(
    'proxy-non-json',
    'login-page',
    /invalid response from proxy "\S+": (?:invalid character '<' looking for beginning of value|json: .*)/u,
    body('.info', () => LOGIN_PAGE, { 'content-type': 'text/html' }),
    { command: 'go list -m -json all; go mod download', go: MODERN },
  ),
  bad(
    'proxy-non-json',
    'cut-short',
    /invalid response from proxy "\S+": unexpected end of JSON input/u,
    body('.info', (_, made) => made.info.slice(0, 12)),
    { command: DOWNLOAD, go: MODERN },
  ),
  bad(
    'proxy-bad-gomod',
    'page-as-go-mod',
    /parsing go\.mod: .*/u,
    body('.mod', () => ''),
    {},
  ),
  bad(
    'proxy-bad-gomod',
    'html-as-go-mod',
    /parsing go\.mod:?.*|go\.mod:\d+: .*/u,
    body('.mod', () => LOGIN_PAGE),
    {},
  ),
  bad(
    'proxy-wrong-version',
    'info-of-another',
    /proxy returned info for version \S+ instead of requested version.*/u,
    body('.info', () => '{"Version":"v9.9.9","Time":"2024-03-05T10:11:12Z"}\n'),
    { command: DOWNLOAD, go: MODERN },
  ),
  bad(
    'zip-not-valid',
    'page-as-zip',
    /zip: not a valid zip file/u,
    body('.zip', () => LOGIN_PAGE),
    ZIP_COMMANDS,
  ),
  bad(
    'zip-not-valid',
    'half',
    /zip: not a valid zip file/u,
    body('.zip', (_, made) => made.zip.subarray(0, made.zip.length / 2)),
    { command: 'go build -mod=mod ./...' },
  ),
  bad(
    'zip-checksum-error',
    'one-byte',
    /zip: checksum error/u,
    body('.zip', (world, made) => {
      const entries = [
        {
          name: `${made.path}@${made.version}/go.mod`,
          content: Buffer.from(made.goMod),
          method: 'stored' as const,
        },
        {
          name: `${made.path}@${made.version}/a.go`,
          content: Buffer.from('package a\n'),
          method: 'stored' as const,
        },
      ];
      const zip = buildZip(entries);
      zip[zip.indexOf('package a')] = 81 + world.names.random.whole(5);
      return zip;
    }),
    { command: 'go build -mod=mod ./...' },
  ),
  bad(
    'proxy-bad-content',
    'not-gzip',
    /gzip: invalid header/u,
    body('.mod', (_, made) => made.goMod, { 'content-encoding': 'gzip' }),
    {},
  ),
  bad(
    'proxy-bad-content',
    'zip-not-gzip',
    /gzip: invalid header/u,
    body('.zip', (_, made) => made.zip, { 'content-encoding': 'gzip' }),
    ZIP_COMMANDS,
  ),
  bad(
    'zip-unexpected-file',
    'other-module',
    /zip for \S+ has unexpected file .*/u,
    body(
      '.zip',
      ({ names }) => makeModule({ path: names.module(1), version: names.version(1) }).zip,
    ),
    ZIP_COMMANDS,
  ),
  bad(
    'module-zip-rejected',
    'bad-file-name',
    /(?:malformed file path ".*": .*|case-insensitive file name collision: .*)/u,
    body('.zip', ({ names }, made) => {
      const name = names.pick(['docs/what?.md', 'a:b.txt', 'x/bad|name.go']);
      return buildZip([
        { name: `${made.path}@${made.version}/${name}`, content: Buffer.from('x') },
      ]);
    }),
    ZIP_COMMANDS,
  ),
  bad(
    'module-zip-rejected',
    'names-collide',
    /case-insensitive file name collision: .*/u,
    body('.zip', (_, made) =>
      buildZip(
        ['README.md', 'readme.md'].map((name) => ({
          name: `${made.path}@${made.version}/${name}`,
          content: Buffer.from('x'),
        })),
      ),
    ),
    ZIP_COMMANDS,
  ),
  {
    id: 'goproxy-misconfigured',
    name: 'no-entries',
    plant: ({ names }) =>
      asking(names, '', /GOPROXY list is not the empty string, but contains no entries/u, {
        env: { GOPROXY: names.pick([',', ' ', ',,|']) },
        target: 'GOPROXY',
      }),
  },
  {
    id: 'goproxy-misconfigured',
    name: 'bad-entry',
    plant: ({ names }) => {
      const host = names.host('proxy');
      return asking(
        names,
        host,
        /invalid proxy URL (?:missing scheme|scheme \(must be https, http, file\)).*/u,
        {
          env: { GOPROXY: names.pick([`ftp://${host}`, `/srv/${host}`, `htps://${host},direct`]) },
          target: 'GOPROXY',
        },
      );
    },
  },
  {
    id: 'goproxy-off',
    name: 'off',
    plant: ({ names }) =>
      asking(names, 'off', /module lookup disabled by GOPROXY=off/u, {
        env: { GOPROXY: 'off' },
        target: names.module(0),
      }),
  },
  {
    id: 'proxy-file-missing',
    name: 'no-such-file',
    plant: ({ names }) =>
      asking(names, '', /reading file:\S+: (?:open \S+: )?no such file or directory/u, {
        env: {
          GOPROXY: `file://${names.pick(['/srv/goproxy', '/mnt/mirror/go', '/var/cache/goproxy'])}`,
        },
        target: names.module(0),
      }),
  },
];
