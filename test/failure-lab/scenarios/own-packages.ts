import type { Scenario } from '../scenario.ts';
import { packageName } from '../world/module-files.ts';
import { consumer } from './common.ts';
import { MODERN, own, withLine, program, importing } from './own-files-planting.ts';

export const ownPackages: readonly Scenario[] = [
  own(
    'require-no-package',
    'not-required',
    /no required module provides package \S+.*/u,
    ({ names }) => ({
      files: { 'go.mod': `module ${names.main}\n\ngo 1.17\n`, 'main.go': program(names.module(0)) },
      target: names.module(0),
    }),
    MODERN,
  ),
  own(
    'require-no-package',
    'readonly-1.15',
    /cannot find module providing package \S+: import lookup disabled by -mod=readonly/u,
    ({ names }) => ({
      files: { 'go.mod': `module ${names.main}\n\ngo 1.15\n`, 'main.go': program(names.module(0)) },
      target: names.module(0),
      command: 'go build -mod=readonly ./...',
    }),
    ['1.15.15'],
  ),
  own(
    'module-without-package',
    'package-moved',
    /module \S+ found(?: \(\S+\))?, but does not contain package \S+/u,
    ({ names }) => {
      const module = { path: names.module(0), version: names.version(0) };
      return {
        modules: [module],
        files: importing(
          names,
          [module],
          `${module.path}/${names.pick(['internalx/store', 'v2', 'pkg/client', 'gen/pb'])}`,
        ),
        command: names.pick(['go build ./...', 'go vet ./...']),
        target: module.path,
      };
    },
    ['1.15.15'],
  ),
  own(
    'module-without-package',
    'test-of-a-dependency',
    /module \S+ found(?: \(\S+\))?, but does not contain package \S+/u,
    ({ names }) => {
      const low = { path: names.module(1), version: names.version(1) };
      const name = packageName(names.module(0));
      const top = {
        path: names.module(0),
        version: 'v1.0.0',
        requires: [`${low.path} ${low.version}`],
        files: {
          [`${name}.go`]: `package ${name}\n`,
          [`${name}_test.go`]: `package ${name}\n\nimport _ "${low.path}/testkit"\n`,
        },
      };
      return {
        modules: [low, top],
        files: importing(names, [top], top.path),
        command: 'go mod tidy',
        target: low.path,
      };
    },
  ),
  own(
    'ambiguous-import',
    'carved-out',
    /ambiguous import: found package \S+ in multiple modules:?.*/u,
    ({ names }) => {
      const child = packageName(names.module(0));
      const parent = {
        path: names.module(0),
        version: 'v1.0.0',
        files: { 'x/x.go': 'package x\n', [`${child}.go`]: `package ${child}\n` },
      };
      const carved = {
        path: `${names.module(0)}/x`,
        version: 'v1.0.0',
        files: { 'x.go': 'package x\n' },
      };
      return {
        modules: [parent, carved],
        files: importing(names, [parent, carved], carved.path),
        command: names.pick(['go build ./...', 'go mod tidy', 'go vet ./...']),
        target: carved.path,
      };
    },
  ),
  own(
    'vendor-inconsistent',
    'go-mod-ahead',
    /\S+@\S+: is explicitly required in go\.mod, but not marked as explicit in vendor\/modules\.txt/u,
    ({ names }) => ({
      files: {
        ...consumer(names),
        'go.mod': `module ${names.main}\n\ngo 1.17\n\nrequire ${names.module(0)} ${names.version(0)}\n`,
        'vendor/modules.txt': names.pick(['# github.com/old/one v1.0.0\n## explicit\n', '']),
      },
      target: 'vendor',
    }),
  ),
  own(
    'vendor-lookup-disabled',
    'not-vendored',
    /(?:cannot find module providing package \S+: import lookup disabled by -mod=vendor|cannot find package "\." in:|can't resolve module using the vendor directory|cannot find package "\S+" in.*)/u,
    ({ names }) => ({
      files: {
        'go.mod': `module ${names.main}\n\ngo 1.17\n`,
        'main.go': program(names.module(0)),
        'vendor/modules.txt': '',
      },
      command: names.pick(['go build -mod=vendor ./...', 'go vet -mod=vendor ./...']),
      target: names.module(0),
    }),
  ),
  own(
    'work-module-missing',
    'use-of-nothing',
    /(?:cannot load module \S+ listed in go\.work file: open \S+: no such file or directory|open \S+go\.mod: no such file or directory)/u,
    ({ names }) => ({
      files: {
        'go.work': `go 1.19\n\nuse ./${names.pick(['api', 'tools/gen', 'libs/auth'])}\n`,
        'main.go': 'package main\n',
      },
    }),
    MODERN,
  ),
  own(
    'work-go-too-old',
    'go-line',
    /module \S+ listed in go\.work file requires go >= \S+, but go\.work lists go \S+.*/u,
    ({ names }) => ({
      files: {
        'go.work': 'go 1.21\n\nuse ./a\n',
        'a/go.mod': `module ${names.main}\n\ngo 1.22.${names.random.whole(5)}\n`,
        'a/a.go': 'package a\n',
      },
      command: names.pick(['go build ./a', 'go test ./a/...']),
    }),
    ['1.24.9', 'local', '1.27.3'],
  ),
  own(
    'work-not-listed',
    'other-folder',
    /(?:.*does not contain modules listed in go\.work.*|.*not one of the workspace modules listed in go\.work.*)/u,
    ({ names }) => ({
      files: {
        'go.work': 'go 1.19\n\nuse ./a\n',
        'a/go.mod': 'module example.com/a\n\ngo 1.19\n',
        'a/a.go': 'package a\n',
        'b/go.mod': `module ${names.main}\n\ngo 1.19\n`,
        'b/b.go': 'package b\n',
      },
      command: names.pick(['go build ./b', 'cd b && go build ./...', 'go vet ./b/...']),
    }),
    MODERN,
  ),
  own(
    'import-std-missing',
    'no-prefix',
    /package \S+ is not in (?:std|GOROOT).*/u,
    ({ names }) => ({
      files: {
        'go.mod': `module ${names.main}\n\ngo 1.17\n`,
        'main.go': program(names.pick(['internal/config', 'models', 'store/postgres', 'api/v1'])),
      },
      command: names.pick(['go build ./...', 'go vet ./...', 'go test ./...']),
    }),
  ),
  own(
    'import-std-missing',
    'new-package-old-go',
    /package \S+ is not in (?:std|GOROOT).*/u,
    ({ names }) => ({
      files: {
        'go.mod': `module ${names.main}\n\ngo 1.17\n`,
        'main.go': program(names.pick(['slices', 'log/slog', 'iter', 'maps', 'cmp'])),
      },
      command: names.pick(['go build ./...', 'go vet ./...', 'go test ./...']),
      also: ['go-older-than-code'],
    }),
    ['1.19.13', '1.15.15'],
  ),
  own(
    'malformed-import-path',
    'no-dot',
    /malformed (?:module|import) path "\S+": .*/u,
    ({ names }) => ({
      files: withLine(
        names,
        `require ${names.pick(['internalx/auth', 'shared', 'company/lib'])} v1.0.0`,
      ),
      command: names.pick(['go mod download', 'go mod tidy', 'go list -m -mod=mod all']),
    }),
  ),
  own(
    'malformed-import-path',
    'strange-characters',
    /(?:malformed import path "[^"]*": .*|invalid import path: .*)/u,
    ({ names }) => ({
      files: {
        'go.mod': `module ${names.main}\n\ngo 1.17\n`,
        'main.go': program(
          names.pick([
            'github.com/acme/lib thing',
            'github.com/acme/{{name}}',
            'github.com/acme/a b',
          ]),
        ),
      },
    }),
  ),
  own(
    'embed-missing',
    'front-end-not-built',
    /pattern \S+: no matching files found/u,
    ({ names }) => {
      const pattern = names.pick([
        'dist/*',
        'web/build/*',
        'static/index.html',
        'migrations/*.sql',
      ]);
      return {
        files: {
          'go.mod': `module ${names.main}\n\ngo 1.17\n`,
          'main.go': `package main\n\nimport "embed"\n\n//go:embed ${pattern}\nvar files embed.FS\n\nfunc main() { _ = files }\n`,
        },
        command: names.pick(['go build ./...', 'go vet ./...', 'go test ./...']),
      };
    },
    MODERN,
  ),
  own(
    'case-collision',
    'two-spellings',
    /case-insensitive import collision: "\S+" and "\S+"/u,
    ({ names }) => {
      const lower = { path: names.module(0), version: 'v1.0.0' };
      const [, owner = '', thing = ''] = lower.path.split('/');
      const upper = {
        path: `github.com/${owner.slice(0, 1).toUpperCase()}${owner.slice(1)}/${thing}`,
        version: 'v1.0.0',
      };
      return {
        modules: [lower, upper],
        files: importing(
          names,
          [lower, upper],
          '',
          `package main\n\nimport _ "${lower.path}"\nimport _ "${upper.path}"\n\nfunc main() {}\n`,
        ),
        command: names.pick(['go build ./...', 'go vet ./...']),
      };
    },
  ),
  own('module-path-mismatch', 'renamed', /module declares its path as: \S+/u, ({ names }) => {
    const module = {
      path: names.module(0),
      version: names.version(0),
      goMod: `module ${names.module(1)}\n\ngo 1.15\n`,
    };
    return {
      modules: [module],
      files: consumer(names),
      command: names.pick([
        'go mod download',
        'go build -mod=mod ./...',
        'go mod tidy',
        `go get ${module.path}@${module.version}`,
      ]),
      target: module.path,
    };
  }),
  own('version-no-match', 'no-tags', /no matching versions for query "\S+"/u, ({ names }) => {
    const module = { path: names.module(0), version: 'v1.0.0' };
    return {
      modules: [module],
      files: {
        'go.mod': `module ${names.main}\n\ngo 1.17\n`,
        'main.go': 'package main\n\nfunc main() {}\n',
      },
      command: `go get "${module.path}@${names.pick(['v1.1', 'v2', 'v0', '>v1.5.0'])}"`,
      target: module.path,
    };
  }),
];
