import type { Scenario } from '../scenario.ts';
import { isGoGet, metaPage } from '../world/git-host.ts';
import { LOGIN_PAGE, send } from '../world/module-proxy.ts';
import { GITS, direct, repository, commit, requiring, vanity } from './git-planting.ts';

export const versions: readonly Scenario[] = [
  {
    id: 'version-unknown-revision',
    name: 'tag-deleted',
    plant: async (world) => {
      await repository(world, [commit(world, 'v1.0.0')]);
      return direct(world, /unknown revision \S+/u, {
        files: requiring(world, world.names.pick(['v1.9.9', 'v1.4.0', 'v1.2.3-rc.1'])),
      });
    },
  },
  {
    id: 'version-unknown-revision',
    name: 'commit-rewritten-away',
    go: GITS,
    plant: async (world) => {
      await repository(world, [commit(world)]);
      return direct(world, /unknown revision \S+/u, {
        files: requiring(
          world,
          `v0.0.0-20240305101112-${world.names.pick(['deadbeef0000', '0a1b2c3d4e5f'])}`,
        ),
      });
    },
  },
  {
    id: 'zero-pseudo-version',
    name: 'replace-not-inherited',
    go: GITS,
    plant: async (world) => {
      await repository(world, [commit(world)]);
      return direct(
        world,
        /(?:unknown revision 000000000000|\S*v0\.0\.0-00010101000000-000000000000\S*.*)/u,
        { files: requiring(world, 'v0.0.0-00010101000000-000000000000') },
      );
    },
  },
  {
    id: 'version-no-match',
    name: 'nothing-tagged-so',
    go: GITS,
    plant: async (world) => {
      await repository(world, [commit(world, 'v1.0.0')]);
      return direct(world, /no matching versions for query "\S+"/u, {
        files: { 'go.mod': `module ${world.names.main}\n\ngo 1.15\n` },
        command: `go get "${world.names.module(0)}@${world.names.pick(['v1.7', 'v0', '<v1.0.0'])}"`,
      });
    },
  },
  {
    id: 'module-path-mismatch',
    name: 'fork',
    go: GITS,
    plant: async (world) => {
      await repository(world, [
        commit(world, 'v1.0.0', `module github.com/upstream/original\n\ngo 1.15\n`),
      ]);
      return direct(world, /module declares its path as: \S+/u, {
        files: requiring(world, 'v1.0.0'),
        command: world.names.pick([
          'go mod tidy',
          'go build -mod=mod ./...',
          'go list -m -mod=mod all',
        ]),
      });
    },
  },
  {
    id: 'major-version-suffix',
    name: 'v2-with-v1-path',
    plant: async (world) => {
      await repository(world, [commit(world, 'v2.0.0')]);
      return direct(
        world,
        /module contains a go\.mod file, so (?:module path must match major version|major version must be compatible).*/u,
        {
          files: requiring(world, 'v2.0.0+incompatible'),
          command: `go get ${world.names.module(0)}@v2.0.0`,
        },
      );
    },
  },
  {
    id: 'major-version-suffix',
    name: 'suffix-not-in-go-mod',
    go: GITS,
    plant: async (world) => {
      await repository(world, [commit(world, 'v3.0.0')]);
      const path = `${world.names.module(0)}/v3`;
      return direct(world, /go\.mod has (?:non-\S+|post-v\d) module path.*/u, {
        files: {
          'go.mod': `module ${world.names.main}\n\ngo 1.15\n\nrequire ${path} v3.0.0\n`,
          'main.go': `package main\n\nimport _ "${path}"\n\nfunc main() {}\n`,
        },
      });
    },
  },
  {
    id: 'pseudo-version-invalid',
    name: 'wrong-time',
    plant: async (world) => {
      const [id = ''] = await repository(world, [commit(world)]);
      return direct(world, /invalid pseudo-version: .*/u, {
        files: requiring(world, `v0.0.0-20230101000000-${id.slice(0, 12)}`),
      });
    },
  },
  {
    id: 'pseudo-version-invalid',
    name: 'by-hand',
    plant: async (world) => {
      const [id = ''] = await repository(world, [commit(world)]);
      return direct(world, /invalid pseudo-version: .*/u, {
        files: requiring(
          world,
          world.names.pick([
            `v0.0.0-20240305101112-${id.slice(0, 7)}`,
            `v1.5.1-0.20240305101112-${id.slice(0, 12)}`,
          ]),
        ),
      });
    },
  },
  {
    id: 'missing-gomod-at-revision',
    name: 'no-such-folder',
    go: GITS,
    plant: async (world) => {
      await repository(world, [commit(world, 'sub/v1.0.0')]);
      const path = `${world.names.module(0)}/sub`;
      return direct(world, /missing \S+go\.mod at revision \S+|missing \S+ at revision \S+/u, {
        files: {
          'go.mod': `module ${world.names.main}\n\ngo 1.15\n\nrequire ${path} v1.0.0\n`,
          'main.go': `package main\n\nimport _ "${path}"\n\nfunc main() {}\n`,
        },
      });
    },
  },
  {
    id: 'go-import-missing',
    name: 'log-in-page',
    plant: async (world) => {
      const host = world.names.host('vanity');
      const page = world.names.pick([LOGIN_PAGE, '<html><body>hello</body></html>']);
      await world.web(host, (_, response) => send(response, 200, page, 'text/html'));
      return vanity(world, host, /no go-import meta tags.*/u);
    },
  },
  {
    id: 'go-import-missing',
    name: 'tag-of-another-path',
    plant: async (world) => {
      const host = world.names.host('vanity');
      await world.web(host, (_, response) =>
        send(response, 200, metaPage(`${host}/other`, `https://${host}/other.git`), 'text/html'),
      );
      return vanity(
        world,
        host,
        /meta tag \S+.* did not match import path \S+|no go-import meta tags.*/u,
      );
    },
  },
  ...(['dns', 'refused', 'expired', 'eof'] as const).map((how): Scenario => ({
    id: 'vanity-host-unreachable',
    name: how,
    plant: async (world) => {
      const host = world.names.host('vanity');
      if (how === 'refused') world.dns.set(host, { a: world.address() });
      if (how === 'expired')
        await world.web(
          host,
          (_, response) => send(response, 200, ''),
          await world.certificates.expired(host),
        );
      if (how === 'eof') await world.web(host, (request) => request.socket.end());
      return {
        ...vanity(world, host, /unrecognized import path "\S+": https fetch: Get "\S+": .*/u),
        ...(how === 'expired' ? { retry: 'permanent' } : {}),
      };
    },
  })),
  {
    id: 'vanity-host-5xx',
    name: '50x',
    plant: async (world) => {
      const host = world.names.host('vanity');
      const code = world.names.pick([500, 502, 503]);
      await world.web(host, (request, response) => {
        send(
          response,
          code,
          isGoGet(request) ? 'Cannot obtain refs from GitHub: cannot talk to GitHub\n' : '',
        );
      });
      return vanity(world, host, /reading https:\S+\?go-get=1: 50\d .*/u);
    },
  },
];
