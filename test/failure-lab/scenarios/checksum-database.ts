import type { RequestListener } from 'node:http';
import { makeModule } from '../world/module-files.ts';
import { createDatabase } from '../world/checksum-database.ts';
import type { Planted, Scenario } from '../scenario.ts';
import { LOGIN_PAGE, send } from '../world/module-proxy.ts';
import type { Override } from '../world/module-proxy.ts';
import type { World } from '../world/world.ts';
import { consumer } from './common.ts';
import { theModule } from './module-proxy-planting.ts';

const NAME = 'sum.golang.org';

function verified(
  world: World,
  key: string,
  evidence: RegExp,
  more: Partial<Planted> = {},
): Planted {
  return {
    files: consumer(world.names),
    env: { GOSUMDB: key, GOPROXY: 'https://proxy.golang.org' },
    command: world.names.pick(['go mod download', 'go build -mod=mod ./...', 'go mod tidy']),
    evidence,
    target: world.names.module(0),
    ...more,
  };
}

/** The mirror is sound and relays no database; the database itself does what `plant` says. */
function database(
  id: string,
  name: string,
  evidence: RegExp,
  override: (world: World) => Override,
  retry?: string,
): Scenario {
  return {
    id,
    name,
    plant: async (world) => {
      const module = theModule(world);
      await world.mirror([module]);
      const sums = await createDatabase(world, NAME, [makeModule(module)]);
      await world.web(NAME, moduleProxyLike(sums.answer, override(world)));
      return verified(world, sums.key, evidence, retry === undefined ? {} : { retry });
    },
  };
}

function moduleProxyLike(
  answer: (path: string) => Buffer | undefined,
  override: Override,
): RequestListener {
  return (request, response) => {
    const path = request.url ?? '/';
    if (override(path, request, response)) return;
    const body = answer(path.slice(1));
    if (body === undefined) send(response, 404, 'not found');
    else response.end(body);
  };
}

const lookup =
  (status: number, body: string): Override =>
  (path, _, response) => {
    if (!path.startsWith('/lookup/')) return false;
    send(response, status, body);
    return true;
  };

export const checksumDatabase: readonly Scenario[] = [
  database(
    'sumdb-not-found',
    'private-module',
    /reading https:\/\/sum\.golang\.org\/lookup\/\S+: (?:404 Not Found|410 Gone)/u,
    ({ names }) =>
      lookup(
        names.pick([404, 410]),
        `not found: ${names.module(0)}@${names.version(0)}: invalid version: git ls-remote -q origin in /tmp/gopath/pkg/mod/cache/vcs/0ff7: exit status 128:\n\tfatal: could not read Username for 'https://github.com': terminal prompts disabled`,
      ),
  ),
  database(
    'sumdb-not-found',
    'just-tagged',
    /reading https:\/\/sum\.golang\.org\/lookup\/\S+: (?:404 Not Found|410 Gone)/u,
    ({ names }) =>
      lookup(
        404,
        `not found: ${names.module(0)}@${names.version(0)}: invalid version: unknown revision ${names.version(0)}`,
      ),
  ),
  database(
    'sumdb-5xx',
    '50x',
    /reading https:\/\/sum\.golang\.org\/lookup\/\S+: 50\d .*/u,
    ({ names }) => lookup(names.pick([500, 502, 503, 504]), 'backend error'),
  ),
  database(
    'sumdb-tile-missing',
    'no-tiles',
    /reading https:\/\/sum\.golang\.org\/tile\/\S+: 404 Not Found/u,
    () => (path, _, response) => {
      if (!path.startsWith('/tile/')) return false;
      send(response, 404, 'not found');
      return true;
    },
  ),
  database(
    'sumdb-bad-record',
    'page',
    /malformed record data|malformed note|invalid signature.*/u,
    () => (path, _, response) => {
      if (!path.startsWith('/lookup/')) return false;
      response.end(LOGIN_PAGE);
      return true;
    },
  ),
  {
    id: 'sumdb-bad-record',
    name: 'other-key',
    plant: async (world) => {
      const module = theModule(world);
      await world.mirror([module]);
      const sums = await createDatabase(world, NAME, [makeModule(module)]);
      const other = await createDatabase(world, `sum.${world.names.domain}`, [makeModule(module)]);
      await world.web(
        NAME,
        moduleProxyLike(sums.answer, () => false),
      );
      return verified(
        world,
        `${other.key} https://${NAME}`,
        /(?:invalid signature for key \S+|unknown key|note has no verifiable signatures|malformed note).*/u,
      );
    },
  },
  {
    id: 'sumdb-mismatch',
    name: 'moved-tag',
    plant: async (world) => {
      const module = theModule(world);
      await world.mirror([module]);
      const sums = await createDatabase(world, NAME, [
        makeModule({ ...module, files: { 'a.go': 'package a\n' } }),
      ]);
      await world.web(
        NAME,
        moduleProxyLike(sums.answer, () => false),
      );
      return verified(world, sums.key, /verifying \S+: checksum mismatch/u, {
        command: 'go mod download',
      });
    },
  },
  {
    id: 'sumdb-absent',
    name: 'record-of-another-version',
    go: ['local', '1.27.3'],
    plant: async (world) => {
      const module = theModule(world);
      await world.mirror([module]);
      const sums = await createDatabase(world, NAME, [
        makeModule({ ...module, version: 'v0.0.9' }),
      ]);
      await world.web(
        NAME,
        moduleProxyLike(
          (path) => sums.answer(path.replace(/^(lookup\/.*)@.*/u, '$1@v0.0.9')),
          () => false,
        ),
      );
      return verified(world, sums.key, /checksum missing from sumdb response.*/u, {});
    },
  },
  ...(['dns', 'refused', 'expired'] as const).map((how): Scenario => ({
    id: 'sumdb-unreachable',
    name: how,
    plant: async (world) => {
      const module = theModule(world);
      await world.mirror([module]);
      if (how === 'refused') world.dns.set(NAME, { a: world.address() });
      if (how === 'expired')
        await world.web(
          NAME,
          (_, response) => send(response, 200, ''),
          await world.certificates.unknown(NAME),
        );
      const sums = await createDatabase(world, NAME, [makeModule(module)]);
      return verified(
        world,
        sums.key,
        /verifying \S+: .*Get "https:\/\/sum\.golang\.org\/\S+": .*|Get "https:\/\/sum\.golang\.org\/\S+": .*/u,
        { target: NAME, ...(how === 'expired' ? { retry: 'permanent' } : {}) },
      );
    },
  })),
  {
    id: 'gosumdb-misconfigured',
    name: 'bad-key',
    plant: async (world) => {
      await world.mirror([theModule(world)]);
      return verified(
        world,
        world.names.pick([
          'sum.golang.org+abc',
          'sum.golang.org+033de0ae+notakey',
          'sumdb.corp.example',
        ]),
        /invalid GOSUMDB: .*/u,
        { target: 'GOSUMDB' },
      );
    },
  },
  {
    id: 'gosumdb-misconfigured',
    name: 'too-many-fields',
    plant: async (world) => {
      await world.mirror([theModule(world)]);
      return verified(
        world,
        'sum.golang.org https://sum.example.com https://b.example.com',
        /invalid GOSUMDB: .*/u,
        { target: 'GOSUMDB' },
      );
    },
  },
  {
    id: 'gosumdb-off-toolchain',
    name: 'off',
    go: ['1.22.12', '1.24.9', 'local', '1.27.3'],
    plant: async (world) => {
      const version = `v0.0.1-go1.${world.names.pick([29, 31])}.1.linux-amd64`;
      await world.mirror([{ path: 'golang.org/toolchain', version, files: { 'bin/go': 'x' } }]);
      return {
        files: {
          'go.mod': `module ${world.names.main}\n\ngo ${version.slice('v0.0.1-go'.length).replace('.linux-amd64', '')}\n`,
          'main.go': 'package main\n\nfunc main() {}\n',
        },
        env: { GOTOOLCHAIN: 'auto', GOSUMDB: 'off' },
        command: 'go build ./...',
        evidence: /checksum database disabled by GOSUMDB=off/u,
        target: 'golang.org/toolchain',
      };
    },
  },
];
