import type { Scenario } from '../scenario.ts';
import { gitHost } from '../world/git-host.ts';
import { NO_ROUTE } from '../world/namespace.ts';
import { send } from '../world/module-proxy.ts';
import { GITS, direct, hostSays, BASIC, repository, commit, requiring } from './git-planting.ts';

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
