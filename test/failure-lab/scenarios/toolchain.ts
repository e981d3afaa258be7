import type { Planted, Scenario } from '../scenario.ts';
import type { World } from '../world/world.ts';
import { consumer } from './common.ts';
import { asking } from './network.ts';
import { theModule } from './module-proxy-planting.ts';
import { send } from '../world/module-proxy.ts';

const AWARE = ['1.22.12', '1.24.9', 'local', '1.27.3'] as const;
const OLD = ['1.15.15', '1.19.13'] as const;

function wants(world: World, lines: string): Record<string, string> {
  return {
    'go.mod': `module ${world.names.main}\n\n${lines}\n`,
    'main.go': 'package main\n\nfunc main() {}\n',
  };
}

function plain(
  id: string,
  name: string,
  go: Scenario['go'],
  evidence: RegExp,
  plant: (world: World) => Partial<Planted> | Promise<Partial<Planted>>,
): Scenario {
  return {
    id,
    name,
    ...(go === undefined ? {} : { go }),
    plant: async (world) => ({
      files: {},
      command: world.names.pick([
        'go build ./...',
        'go mod download',
        'go vet ./...',
        'go mod tidy',
      ]),
      evidence,
      ...(await plant(world)),
    }),
  };
}

export const toolchains: readonly Scenario[] = [
  plain(
    'go-too-old-gomod',
    'patch-in-go-line',
    OLD,
    /invalid go version '\S+': must match format 1\.23/u,
    (world) => ({
      files: wants(world, `go ${world.names.pick(['1.21.0', '1.23.4', '1.22.1', '1.24.0'])}`),
      target: 'go.mod',
    }),
  ),
  plain(
    'go-too-old-gomod',
    'new-directive',
    OLD,
    /unknown directive: (?:toolchain|godebug|tool|ignore)/u,
    (world) => ({
      files: wants(
        world,
        `go 1.19\n\n${world.names.pick(['toolchain go1.22.1', 'tool example.com/x/cmd', 'godebug default=go1.21', 'ignore ./web'])}`,
      ),
      target: 'go.mod',
    }),
  ),
  plain(
    'go-too-old-gomod',
    'of-a-dependency',
    ['1.15.15'],
    /invalid go version '\S+': must match format 1\.23/u,
    async (world) => {
      const module = theModule(world);
      await world.mirror([
        {
          ...module,
          goMod: `module ${module.path}\n\ngo 1.${21 + world.names.random.whole(4)}.0\n`,
        },
      ]);
      return {
        files: consumer(world.names),
        command: world.names.pick(['go mod tidy', 'go list -m -mod=mod all']),
        target: module.path,
      };
    },
  ),
  plain(
    'go-too-old-local',
    'own-go-mod',
    AWARE,
    /go\.mod requires go >= \S+ \(running go \S+; GOTOOLCHAIN=local\)/u,
    (world) => ({
      files: wants(world, `go 1.${world.names.pick([28, 30, 41])}.${world.names.random.whole(4)}`),
      target: 'go.mod',
    }),
  ),
  plain(
    'go-too-old-local',
    'a-dependency',
    AWARE,
    /requires go >= \S+ \(running go \S+; GOTOOLCHAIN=local\)/u,
    async (world) => {
      const module = theModule(world);
      await world.mirror([{ ...module, goMod: `module ${module.path}\n\ngo 1.30.0\n` }]);
      return {
        files: consumer(world.names),
        command: world.names.pick([
          'go mod download',
          'go get ./...',
          'go mod tidy',
          `go get ${module.path}@${module.version}`,
        ]),
        target: module.path,
      };
    },
  ),
  plain(
    'toolchain-not-available',
    'proxy-without-it',
    AWARE,
    /download go\S+ for \S+: toolchain not available/u,
    async (world) => {
      const host = world.names.host('proxy');
      await world.web(host, (_, response) => send(response, 404, 'not found'));
      return {
        files: wants(
          world,
          `go 1.${world.names.pick([28, 30, 33])}.${world.names.random.whole(5)}`,
        ),
        env: { GOTOOLCHAIN: 'auto', GOPROXY: `https://${host}` },
        target: 'golang.org/toolchain',
      };
    },
  ),
  plain(
    'toolchain-not-available',
    'proxy-off',
    AWARE,
    /download go\S+ for \S+: toolchain not available/u,
    (world) => ({
      files: wants(world, 'go 1.29.1'),
      env: { GOTOOLCHAIN: 'auto', GOPROXY: 'off' },
      target: 'golang.org/toolchain',
      also: ['goproxy-off'],
    }),
  ),
  plain(
    'toolchain-download-failed',
    'dns',
    AWARE,
    /download go\S+: golang\.org\/toolchain@\S+: .*/u,
    (world) => {
      const host = world.names.pick(['proxy.golang.org', world.names.host('proxy')]);
      return {
        ...asking(world.names, host, /x/u),
        evidence: /download go\S+: golang\.org\/toolchain@\S+: .*/u,
        command: 'go build ./...',
        files: wants(world, 'go 1.29.1'),
        env: { GOTOOLCHAIN: 'auto', GOPROXY: `https://${host}` },
      };
    },
  ),
  plain(
    'toolchain-download-failed',
    'refused-or-5xx',
    AWARE,
    /download go\S+: golang\.org\/toolchain@\S+: .*/u,
    async (world) => {
      const code = world.names.pick([500, 502, 503]);
      await world.web('proxy.golang.org', (_, response) => send(response, code, 'sorry'));
      return {
        files: wants(world, 'go 1.29.1'),
        env: { GOTOOLCHAIN: 'go1.29.1', GOPROXY: 'https://proxy.golang.org' },
        target: 'golang.org/toolchain',
      };
    },
  ),
  plain(
    'toolchain-language-version',
    'no-patch',
    AWARE,
    /invalid toolchain: go\S+ is a language version but not a toolchain version.*/u,
    async (world) => {
      await world.mirror([]);
      return {
        files: wants(world, 'go 1.21'),
        env: { GOTOOLCHAIN: world.names.pick(['go1.28', 'go1.30', 'go1.33']) },
        target: 'GOTOOLCHAIN',
      };
    },
  ),
  plain('toolchain-not-in-path', 'path-only', AWARE, /cannot find "go\S+" in PATH/u, (world) => ({
    files: wants(world, `go 1.${world.names.pick([28, 31])}.1`),
    env: { GOTOOLCHAIN: world.names.pick(['path', 'go1.29.1+path']) },
    target: 'GOTOOLCHAIN',
  })),
  plain('gotoolchain-invalid', 'variable', AWARE, /invalid GOTOOLCHAIN "\S+"/u, (world) => ({
    files: wants(world, 'go 1.21'),
    env: { GOTOOLCHAIN: world.names.pick(['1.22.1', 'latest', 'v1.23', 'local+1.22']) },
    target: 'GOTOOLCHAIN',
  })),
  plain(
    'gotoolchain-invalid',
    'in-go-mod',
    AWARE,
    /invalid toolchain(?: version)? .*/u,
    (world) => ({
      files: wants(
        world,
        `go 1.21\n\ntoolchain ${world.names.pick(['1.22.1', 'latest', 'golang1.22'])}`,
      ),
      env: { GOTOOLCHAIN: 'auto' },
      target: 'go.mod',
    }),
  ),
  plain(
    'go-older-than-code',
    'note',
    OLD,
    /note: module requires Go 1\.\d+|cannot compile Go 1\.\d+ code/u,
    (world) => ({
      files: {
        'go.mod': `module ${world.names.main}\n\ngo 1.${21 + world.names.random.whole(4)}\n`,
        'main.go':
          'package main\n\nfunc main() {\n\tprintln(min(1, 2))\n\tfor i := range 3 {\n\t\tprintln(i)\n\t}\n}\n',
      },
      command: world.names.pick(['go build ./...', 'go build .', 'go install ./...']),
    }),
  ),
  plain(
    'goroot-broken',
    'no-such-folder',
    undefined,
    /cannot find GOROOT directory.*/u,
    (world) => ({
      files: wants(world, 'go 1.17'),
      env: { GOROOT: world.names.pick(['/usr/lib/go', '/opt/go', '/usr/local/go1.20']) },
      command: world.names.pick(['go build ./...', 'go version']),
      target: 'GOROOT',
    }),
  ),
  plain(
    'go-install-mixed',
    'stale-goroot',
    ['local', '1.24.9'],
    /compile: version "go\S+" does not match go tool version "go\S+"/u,
    (world) => ({
      files: wants(world, 'go 1.17'),
      mounts: `mkdir -p "$ROOT"/opt/go && mount --bind ${world.goroot('1.22.12') ?? '/nonexistent'} "$ROOT"/opt/go`,
      env: { GOROOT: '/opt/go', GOCACHE: '/tmp/gocache' },
      command: 'go build ./...',
    }),
  ),
];
