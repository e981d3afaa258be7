import type { Planted, Scenario } from '../scenario.ts';
import { makeModule, packageName } from '../world/module-files.ts';
import type { World } from '../world/world.ts';
import { consumer } from './common.ts';
import { theModule } from './module-proxy-planting.ts';

const SMALL = {
  'main.go': 'package main\n\nfunc main() { println("hello") }\n',
};
const FAST = ['1.19.13', 'local'] as const;

function program(world: World): Record<string, string> {
  return { 'go.mod': `module ${world.names.main}\n\ngo 1.17\n`, ...SMALL };
}

function machine(
  id: string,
  name: string,
  evidence: RegExp,
  plant: (world: World) => Partial<Planted>,
  go?: Scenario['go'],
): Scenario {
  return {
    id,
    name,
    ...(go === undefined ? {} : { go }),
    plant: async (world) => {
      const module = theModule(world);
      await world.mirror([module]);
      return {
        files: consumer(world.names, 1, { 'go.sum': makeModule(module).sum }),
        command: world.names.pick(['go mod download', 'go build ./...', 'go vet ./...']),
        evidence,
        ...plant(world),
      };
    },
  };
}

export const machineFaults: readonly Scenario[] = [
  machine(
    'cache-permission-denied',
    'module-cache-of-root',
    /(?:could not create module cache: .*permission denied|(?:mkdir|open|stat) \S+: permission denied|not in cache)/u,
    ({ names }) => ({
      user: 1000,
      prepare: `mkdir -p ${names.gopath}/pkg/mod && chown -R 0:0 ${names.gopath} && chmod -R go-w ${names.gopath} && chmod 755 ${names.home}`,
      env: { GOCACHE: '/tmp/gocache' },
      command: 'go mod download',
      target: names.gopath,
    }),
  ),
  machine(
    'cache-permission-denied',
    'build-cache-of-root',
    /failed to (?:initialize build cache|create cache directory)\b.*permission denied|permission denied/u,
    ({ names }) => ({
      user: 1000,
      prepare: 'mkdir -p /cache && chmod 755 /cache',
      env: { GOCACHE: names.pick(['/cache/go-build', '/cache']) },
      command: names.pick(['go build ./...', 'go vet ./...']),
    }),
  ),
  machine(
    'cache-readonly',
    'read-only-volume',
    /(?:mkdir|open|stat) \S+: read-only file system/u,
    ({ names }) => ({
      mounts: `mkdir -p "$ROOT"${names.gopath}/pkg && mount -t tmpfs -o ro tmpfs "$ROOT"${names.gopath}/pkg`,
      command: 'go mod download',
    }),
  ),
  machine(
    'cache-location-missing',
    'no-home',
    /(?:module cache not found: neither GOMODCACHE nor GOPATH is set|GOCACHE is not defined and neither \$XDG_CACHE_HOME nor \$HOME are defined)/u,
    ({ names }) => ({
      env: { HOME: undefined, GOPATH: undefined },
      command: `unset HOME GOPATH; ${names.pick(['go mod download', 'go build ./...'])}`,
    }),
  ),
  machine(
    'cache-path-relative',
    'relative',
    /(?:GOPATH|GOMODCACHE) entry is relative.*/u,
    ({ names }) => ({
      env: names.pick([{ GOMODCACHE: '.cache/mod' }, { GOPATH: 'gopath' }]),
      command: names.pick(['go mod download', 'go build ./...']),
    }),
  ),
  machine('disk-full', 'module-cache', /no space left on device/u, ({ names }) => ({
    mounts: `mkdir -p "$ROOT"${names.gopath}/pkg && mount -t tmpfs -o size=${names.pick(['8k', '16k'])} tmpfs "$ROOT"${names.gopath}/pkg`,
    prepare: `dd if=/dev/zero of=${names.gopath}/pkg/filler bs=4k 2>/dev/null`,
    command: names.pick(['go mod download', 'go build ./...']),
  })),
  machine(
    'disk-full',
    'build-cache',
    /no space left on device|cannot find package.*|package \S+ is not in (?:std|GOROOT).*/u,
    (world) => ({
      files: program(world),
      mounts: `mkdir -p "$ROOT"/cache && mount -t tmpfs -o size=300k tmpfs "$ROOT"/cache`,
      env: { GOCACHE: '/cache' },
      // Where no line says "no space", the text alone does not tell it from a broken installation.
      also: ['goroot-broken'],
      command: world.names.pick(['go build ./...', 'go vet ./...']),
    }),
    ['local', '1.24.9', '1.22.12'],
  ),
  machine(
    'disk-full',
    'temporary-folder',
    /no space left on device/u,
    (world) => ({
      files: program(world),
      mounts: `mount -t tmpfs -o size=600k tmpfs "$ROOT"/tmp`,
      command: 'go build -o /dev/shm/app . ; go run .',
    }),
    FAST,
  ),
  machine(
    'fd-limit',
    'few',
    /too many open files/u,
    (world) => ({
      files: program(world),
      command: `ulimit -n ${world.names.pick([12, 14, 16])}; go build -a ./...`,
    }),
    ['local'],
  ),
  machine(
    'memory-address-limit',
    'ulimit-v',
    /(?:failed to reserve page summary memory|cannot allocate memory|runtime: out of memory.*)/u,
    (world) => ({
      files: program(world),
      command: `ulimit -v ${world.names.pick([120_000, 300_000, 450_000])}; ${world.names.pick(['go build ./...', 'go mod download', 'go vet ./...'])}`,
    }),
  ),
  machine(
    'process-limit',
    'ulimit-u',
    /(?:resource temporarily unavailable|newosproc|pthread_create failed.*|failed to create new OS thread.*)/u,
    (world) => ({
      files: program(world),
      user: 1000 + world.names.random.whole(3) + 61_000,
      env: { GOCACHE: '/tmp/gocache', GOPATH: '/tmp/gopath', HOME: '/tmp' },
      command: `bash -c 'ulimit -u ${world.names.pick([6, 9, 12])}; go build -a ./...'`,
    }),
    FAST,
  ),
  machine(
    'tmp-noexec',
    'go-run',
    /fork\/exec \/tmp\/\S+: permission denied/u,
    (world) => ({
      files: {
        ...program(world),
        'main_test.go': 'package main\n\nimport "testing"\n\nfunc TestIt(t *testing.T) {}\n',
      },
      mounts: 'mount -t tmpfs -o noexec,mode=1777 tmpfs "$ROOT"/tmp',
      command: world.names.pick(['go run .', 'go test ./...']),
    }),
    FAST,
  ),
  machine(
    'exec-format',
    'wrong-architecture',
    /exec format error/u,
    (world) => ({
      files: program(world),
      prepare: 'GOARCH=arm64 GOFLAGS= go build -o /tmp/tool . || true; mkdir -p /tmp/bin',
      command: world.names.pick([
        'GOARCH=arm64 go run .',
        'GOARCH=arm64 go test ./... ; GOARCH=arm64 go run .',
      ]),
    }),
    ['local', '1.22.12'],
  ),
  machine(
    'cache-corrupt',
    'zip-in-the-cache',
    /(?:unzip \S+: )?zip: not a valid zip file/u,
    ({ names }) => ({
      prepare: `go mod download; chmod -R u+w ${names.gopath}/pkg; rm -rf ${names.gopath}/pkg/mod/${names.module(0)}@*; echo broken > ${names.gopath}/pkg/mod/cache/download/${names.module(0)}/@v/${names.version(0)}.zip`,
      command: names.pick(['go mod download', 'go build ./...']),
      target: names.module(0),
    }),
    ['1.19.13', '1.22.12', '1.24.9', 'local', '1.27.3'],
  ),
  machine(
    'cache-corrupt',
    'verify',
    /(?:dir has been modified|zip has been modified).*/u,
    ({ names }) => ({
      prepare: `go mod download; chmod -R u+w ${names.gopath}/pkg; echo "// x" >> ${names.gopath}/pkg/mod/${names.module(0)}@${names.version(0)}/go.mod`,
      command: 'go mod verify',
      target: names.module(0),
    }),
  ),
  {
    id: 'cache-corrupt',
    name: 'file-gone',
    go: FAST,
    plant: async (world) => {
      const { names } = world;
      const name = packageName(names.module(0));
      const module = {
        ...theModule(world),
        files: {
          [`${name}.go`]: `package ${name}\n\n// Name says who.\nfunc Name() string { return half() }\n`,
          'half.go': `package ${name}\n\nfunc half() string { return "half" }\n`,
        },
      };
      await world.mirror([module]);
      return {
        files: consumer(names, 1, { 'go.sum': makeModule(module).sum }),
        prepare: `go mod download; chmod -R u+w ${names.gopath}/pkg; rm -f ${names.gopath}/pkg/mod/${names.module(0)}@*/half.go`,
        command: names.pick(['go build ./...', 'go build -o /tmp/app .']),
        evidence: /pkg\/mod\/\S+\.go:\d+:\d+: (?:undefined|undeclared name): half/u,
        target: names.module(0),
        // The words are those of a compile error; that nobody wrote it is what the reference decides by.
        also: ['compile-error'],
      };
    },
  },
  machine(
    'text-file-busy',
    'running-binary',
    /text file busy/iu,
    (world) => ({
      files: program(world),
      prepare: 'mkdir -p /out && cp /usr/bin/sleep /out/app && go build -o /tmp/app .',
      command: `/out/app 200 & sleep 0.3; go vet . && ${world.names.pick(['cp /tmp/app /out/app', 'cp /tmp/app /out/', 'dd if=/tmp/app of=/out/app'])}; code=$?; kill $!; exit $code`,
    }),
    FAST,
  ),
  machine('goflags-invalid', 'unknown-flag', /parsing \$GOFLAGS: .*/u, ({ names }) => ({
    env: { GOFLAGS: names.pick(['-modd=mod', 'mod=vendor', '-insecur', '-mod vendor', '--']) },
    target: 'GOFLAGS',
  })),
  machine(
    'cgo-toolchain-missing',
    'no-gcc',
    /C compiler "gcc" not found.*|exec: "gcc": executable file not found.*/u,
    (world) => ({
      files: {
        'go.mod': `module ${world.names.main}\n\ngo 1.17\n`,
        'main.go':
          'package main\n\n// int one() { return 1; }\nimport "C"\n\nfunc main() { println(C.one()) }\n',
      },
      env: { CGO_ENABLED: '1', PATH: '/usr/local/go/bin:/nonexistent' },
      command: 'go build ./...',
    }),
    FAST,
  ),
  machine(
    'compile-error',
    'undefined',
    /\.go:\d+:\d+: .*/u,
    (world) => ({
      files: {
        ...program(world),
        'main.go': `package main\n\nfunc main() {\n\tprintln(${world.names.pick(['greeting', 'undefinedName(3)', '"a" + 1'])})\n\tvar unused int\n}\n`,
      },
      command: world.names.pick(['go build ./...', 'go vet ./...', 'go build -o /tmp/app .']),
    }),
    FAST,
  ),
  machine(
    'test-failure',
    'assertion',
    /--- FAIL: \S+.*|FAIL\s+\S+.*/u,
    (world) => ({
      files: {
        ...program(world),
        'main_test.go': `package main\n\nimport "testing"\n\nfunc TestSum(t *testing.T) {\n\tt.Log(${world.names.pick(['"dial tcp 10.0.0.1:5432: i/o timeout"', '"checking"', '"connection refused"'])})\n\tt.Fatalf("got %d, want %d", 3, 4)\n}\n`,
      },
      command: world.names.pick(['go test ./...', 'go test -v ./...', 'go test -count=1 ./...']),
    }),
    FAST,
  ),
];
