import type { Planted, Scenario } from '../scenario.ts';
import { createRepository, gitHost, isGoGet, metaPage } from '../world/git-host.ts';
import type { LabCommit } from '../world/git-host.ts';
import { NO_ROUTE } from '../world/namespace.ts';
import { LOGIN_PAGE, send } from '../world/module-proxy.ts';
import type { World } from '../world/world.ts';
import { consumer } from './common.ts';

const GITS = ['1.19.13', '1.22.12', '1.24.9', 'local', '1.27.3'] as const;
const COMMANDS = [
  'go mod download',
  'go build -mod=mod ./...',
  'go mod tidy',
  'go list -m -mod=mod all',
] as const;

/** A build that fetches github.com/OWNER/THING without a proxy. */
function direct(world: World, evidence: RegExp, more: Partial<Planted> = {}): Planted {
  const { names } = world;
  return {
    files: consumer(names),
    env: { GOPROXY: names.pick(['direct', 'direct']) },
    command: names.pick(COMMANDS),
    evidence,
    target: names.module(0),
    ...more,
  };
}

/** The code host says this to every request of git. */
function hostSays(
  id: string,
  name: string,
  evidence: RegExp,
  status: (world: World) => {
    readonly code: number;
    readonly body?: string;
    readonly headers?: Record<string, string>;
  },
  more: Partial<Planted> = {},
): Scenario {
  return {
    id,
    name,
    go: GITS,
    plant: async (world) => {
      const { code, body, headers } = status(world);
      await world.web('github.com', (_, response) => {
        response.writeHead(code, headers).end(body ?? '');
      });
      return direct(world, evidence, more);
    },
  };
}

const BASIC = { 'www-authenticate': 'Basic realm="GitHub"' };

/** A code host with one repository, `commits` in it. */
async function repository(world: World, commits: readonly LabCommit[]): Promise<readonly string[]> {
  const name = world.names.module(0).replace('github.com/', '');
  const ids = createRepository(world.scratch, name, commits);
  await world.web('github.com', gitHost(world.scratch));
  return ids;
}

function commit({ names }: World, tag?: string, goMod?: string): LabCommit {
  const path = names.module(0);
  return {
    files: {
      'go.mod': goMod ?? `module ${path}\n\ngo 1.15\n`,
      'a.go': `package a\n\nconst V = "${tag ?? ''}"\n`,
    },
    ...(tag === undefined ? {} : { tag }),
  };
}

function requiring({ names }: World, version: string): Record<string, string> {
  return {
    'go.mod': `module ${names.main}\n\ngo 1.15\n\nrequire ${names.module(0)} ${version}\n`,
    'main.go': `package main\n\nimport _ "${names.module(0)}"\n\nfunc main() {}\n`,
  };
}

export const gitHosts: readonly Scenario[] = [
  {
    id: 'git-missing',
    name: 'slim-image',
    go: GITS,
    plant: (world) =>
      direct(
        world,
        /exec: "git": executable file not found in \$PATH|unable to resolve git version: .*/u,
        {
          env: { GOPROXY: 'direct', PATH: '/usr/local/go/bin' },
        },
      ),
  },
  hostSays(
    'git-auth-https-prompt',
    'no-credentials',
    /fatal: could not read Username for 'https:\/\/\S+': terminal prompts disabled/u,
    () => ({ code: 401, headers: BASIC }),
  ),
  hostSays(
    'git-auth-failed',
    'token-expired',
    /(?:fatal: Authentication failed for '\S+'|remote: (?:HTTP Basic: Access denied|Invalid username or token).*)/u,
    () => ({ code: 401, headers: BASIC }),
    {
      prepare:
        'mkdir -p $HOME && git config --global credential.helper "!f() { echo username=ci; echo password=expired; }; f"',
    },
  ),
  hostSays('git-forbidden', '403', /The requested URL returned error: 403/u, () => ({
    code: 403,
    body: 'Forbidden',
  })),
  hostSays('git-repo-not-found', '404', /fatal: repository '\S+' not found/u, () => ({
    code: 404,
    body: 'Not Found',
  })),
  hostSays('git-http-5xx', '50x', /The requested URL returned error: 50[0-4]/u, ({ names }) => ({
    code: names.pick([500, 502, 503]),
  })),
  hostSays('git-rate-limited', '429', /The requested URL returned error: 429/u, () => ({
    code: 429,
    body: 'slow down',
  })),
  {
    id: 'git-http-5xx',
    name: 'empty-reply',
    go: GITS,
    plant: async (world) => {
      await world.web('github.com', (request) => request.socket.end());
      return direct(
        world,
        /Empty reply from server|The requested URL returned error: 50\d|unexpected EOF|SSL.*EOF.*/u,
        { also: ['git-connect', 'git-transfer-broken'] },
      );
    },
  },
  {
    id: 'git-dns',
    name: 'unknown-host',
    go: GITS,
    plant: (world) => direct(world, /Could not resolve host: github\.com/u),
  },
  {
    id: 'git-dns',
    name: 'company-host',
    go: GITS,
    plant: (world) => {
      const host = world.names.host('git');
      return direct(world, /Could not resolve host: \S+/u, {
        prepare: `git config --global url."https://${host}/mirrors/".insteadOf "https://github.com/"`,
        target: host,
      });
    },
  },
  {
    id: 'git-connect',
    name: 'refused',
    go: GITS,
    plant: (world) => {
      world.dns.set('github.com', { a: world.names.pick([world.address(), `${NO_ROUTE}.9`]) });
      return direct(world, /Failed to connect to \S+ port 443.*|Couldn't connect to server/u);
    },
  },
  {
    id: 'git-tls',
    name: 'unknown-authority',
    go: GITS,
    plant: async (world) => {
      await world.web(
        'github.com',
        gitHost(world.scratch),
        await world.certificates.unknown('github.com'),
      );
      return direct(world, /server certificate verification failed.*|SSL certificate problem: .*/u);
    },
  },
  {
    id: 'git-tls',
    name: 'expired',
    go: GITS,
    plant: async (world) => {
      await world.web(
        'github.com',
        gitHost(world.scratch),
        await world.certificates.expired('github.com'),
      );
      return direct(world, /server certificate verification failed.*|SSL certificate problem: .*/u);
    },
  },
  {
    id: 'git-proxy',
    name: 'tunnel-refused',
    go: GITS,
    plant: async (world) => {
      const host = world.names.host('forward');
      const code = world.names.pick(['407 Proxy Authentication Required', '403 Forbidden']);
      const site = await world.sites.raw(world.address(true), 3128, (socket) => {
        socket.once('data', () => socket.end(`HTTP/1.1 ${code}\r\nContent-Length: 0\r\n\r\n`));
      });
      world.dns.set(host, { a: site.address });
      return direct(
        world,
        /CONNECT tunnel failed, response \d+|Received HTTP code \d+ from proxy after CONNECT/u,
        {
          env: { GOPROXY: 'direct', https_proxy: `http://${host}:3128` },
          target: host,
        },
      );
    },
  },
  {
    id: 'git-transfer-broken',
    name: 'pack-cut',
    go: GITS,
    plant: async (world) => {
      await repository(world, [commit(world, 'v1.0.0')]);
      const real = gitHost(world.scratch);
      await world.web('github.com', (request, response) => {
        if (request.method === 'POST' && request.url?.endsWith('git-upload-pack') === true) {
          const sideband = Buffer.from('0013\x02Compressing 1\n', 'latin1');
          response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-result' });
          response.write(
            Buffer.concat([
              Buffer.from('0008NAK\n'),
              sideband,
              Buffer.from('0400\x01PACK', 'latin1'),
            ]),
            () => {
              setTimeout(() => request.socket.destroy(), 50);
            },
          );
        } else real(request, response);
      });
      return direct(
        world,
        /(?:error: RPC failed; .*|fatal: early EOF|fatal: the remote end hung up unexpectedly|fatal: index-pack failed|unexpected disconnect while reading sideband packet|fatal: expected .*)/u,
        {
          files: requiring(world, 'v1.0.0'),
          prepare: 'git config --global protocol.version 0',
        },
      );
    },
  },
  {
    id: 'git-insteadof-broken',
    name: 'colon-after-host',
    go: GITS,
    plant: (world) =>
      direct(world, /ssh: Could not resolve hostname github\.com:\S+: .*/u, {
        prepare: `git config --global url."ssh://git@github.com:".insteadOf "https://github.com/"`,
      }),
  },
  {
    id: 'git-ssh-unreachable',
    name: 'port-22-refused',
    go: GITS,
    plant: (world) => {
      world.dns.set('github.com', { a: world.address() });
      return direct(world, /ssh: connect to host \S+ port 22: .*/u, {
        prepare: `git config --global url."ssh://git@github.com/".insteadOf "https://github.com/"`,
        target: 'github.com',
      });
    },
  },
  {
    id: 'git-ssh-unreachable',
    name: 'name-unknown',
    go: GITS,
    plant: (world) =>
      direct(world, /ssh: Could not resolve hostname \S+: .*/u, {
        prepare: `git config --global url."git@${world.names.host('git')}:".insteadOf "https://github.com/"`,
        target: world.names.domain,
      }),
  },
  {
    id: 'govcs-disallowed',
    name: 'off',
    go: GITS,
    plant: (world) =>
      direct(world, /GOVCS disallows using git for (?:public|private) \S+.*/u, {
        env: {
          GOPROXY: 'direct',
          GOVCS: world.names.pick(['*:off', 'public:hg', 'github.com:hg']),
        },
      }),
  },
  {
    id: 'vcs-no-secure-protocol',
    name: 'every-scheme-fails',
    go: GITS,
    plant: (world) => {
      const host = world.names.host('git');
      const path = `${host}/team/${world.names.pick(['lib', 'core', 'proto'])}.git`;
      return direct(world, /no secure protocol found for repository/u, {
        files: {
          'go.mod': `module x.test/app\n\ngo 1.15\n\nrequire ${path} v1.0.0\n`,
          'main.go': `package main\n\nimport _ "${path}"\n\nfunc main() {}\n`,
        },
        target: path,
      });
    },
  },
  {
    id: 'vcs-tool-missing',
    name: 'hg',
    go: GITS,
    plant: async (world) => {
      const host = world.names.host('vanity');
      const vcs = world.names.pick(['hg', 'bzr']);
      const path = `${host}/tools`;
      await world.web(host, (_, response) =>
        send(
          response,
          200,
          `<html><head><meta name="go-import" content="${path} ${vcs} https://${host}/repo"></head></html>`,
          'text/html',
        ),
      );
      return direct(world, /exec: "(?:hg|svn|bzr|fossil)": executable file not found in \$PATH/u, {
        files: {
          'go.mod': `module x.test/app\n\ngo 1.15\n\nrequire ${path} v1.0.0\n`,
          'main.go': `package main\n\nimport _ "${path}"\n\nfunc main() {}\n`,
        },
        env: { GOPROXY: 'direct', GOVCS: '*:all' },
        target: path,
      });
    },
  },
  {
    id: 'vcs-stamp-failed',
    name: 'dubious-ownership',
    go: ['1.19.13', '1.22.12', 'local', '1.24.9'],
    plant: (world) => ({
      files: {
        'go.mod': `module ${world.names.main}\n\ngo 1.18\n`,
        'main.go': 'package main\n\nfunc main() {}\n',
      },
      prepare: `git init -q . && git -c user.name=a -c user.email=a@b.c commit -q --allow-empty -m x && chown -R 1000:1000 .`,
      command: world.names.pick(['go build ./...', 'go build -o /tmp/app .']),
      evidence: /error obtaining VCS status: exit status 128/u,
      target: world.names.main,
    }),
  },
];

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

function vanity(world: World, host: string, evidence: RegExp): Planted {
  const path = `${host}/${world.names.pick(['log', 'auth', 'x/sync'])}`;
  return direct(world, evidence, {
    files: {
      'go.mod': `module ${world.names.main}\n\ngo 1.15\n\nrequire ${path} v1.0.0\n`,
      'main.go': `package main\n\nimport _ "${path}"\n\nfunc main() {}\n`,
    },
    target: host,
  });
}
