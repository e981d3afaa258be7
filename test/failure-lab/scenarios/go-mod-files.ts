import type { Scenario } from '../scenario.ts';
import { makeModule } from '../world/module-files.ts';
import { consumer } from './common.ts';
import { MODS, MODERN, own, withLine, importing } from './own-files-planting.ts';

export const goModFiles: readonly Scenario[] = [
  own(
    'gomod-syntax',
    'unknown-directive',
    /go\.mod:\d+: (?:unknown directive: .*|unknown block type: .*)/u,
    ({ names }) => ({
      files: withLine(
        names,
        names.pick([
          'requires github.com/a/b v1.0.0',
          'replaces (\n\tgithub.com/a/b => ../b\n)',
          'modul x',
        ]),
      ),
      command: names.pick(MODS),
    }),
  ),
  own(
    'gomod-syntax',
    'bad-lines',
    /go\.mod:\d+(?::\d+)?: (?:usage: .*|invalid quoted string.*|repeated \w+ statement|unexpected input character.*|invalid go version .*|syntax error.*|.*unterminated.*)/u,
    ({ names }) => ({
      files: withLine(
        names,
        names.pick([
          'require github.com/a/b',
          'go 1.15',
          'require (\n\tgithub.com/a/b v1.0.0',
          `module ${names.main}`,
        ]),
      ),
      command: names.pick(MODS),
    }),
  ),
  own(
    'gomod-merge-conflict',
    'markers',
    /go\.mod:\d+: unknown directive: <<<<<<<.*/u,
    ({ names }) => ({
      files: withLine(
        names,
        `<<<<<<< HEAD\nrequire ${names.module(0)} v1.0.0\n=======\nrequire ${names.module(0)} v1.1.0\n>>>>>>> ${names.pick(['feature/login', 'origin/main', 'a1b2c3d'])}`,
      ),
      command: names.pick(MODS),
    }),
  ),
  own(
    'gomod-merge-conflict',
    'markers-in-a-block',
    /go\.mod:\d+: .*(?:<<<<<<<|=======|>>>>>>>|usage: require module\/path v1\.2\.3|invalid module version).*/u,
    ({ names }) => ({
      files: withLine(
        names,
        `require (\n<<<<<<< HEAD\n\t${names.module(0)} v1.0.0\n=======\n\t${names.module(0)} v1.1.0\n>>>>>>> main\n)`,
      ),
      command: names.pick(MODS),
      also: ['gomod-syntax'],
    }),
  ),
  own(
    'gomod-missing-module-line',
    'none',
    /(?:no module declaration in go\.mod.*|missing module declaration.*)/u,
    ({ names }) => ({
      files: { 'go.mod': 'go 1.15\n', 'main.go': 'package main\n\nfunc main() {}\n' },
      command: names.pick(['go build ./...', 'go mod download', 'go list -m']),
    }),
  ),
  own(
    'gomod-version-suffix',
    'v2-without-suffix',
    /version "\S+" invalid: should be v0 or v1, not v\d+.*/u,
    ({ names }) => ({
      files: withLine(names, `require ${names.module(0)} v${2 + names.random.whole(4)}.1.0`),
      command: names.pick(MODS),
    }),
  ),
  own(
    'gomod-version-suffix',
    'suffix-with-v1',
    /version "\S+" invalid: should be v\d+, not v\d+.*/u,
    ({ names }) => ({
      files: withLine(names, `require ${names.module(0)}/v${2 + names.random.whole(4)} v1.1.0`),
      command: names.pick(MODS),
    }),
  ),
  own(
    'gomod-update-needed',
    'a-dependency-wants-more',
    /updates to go\.mod needed.*/u,
    ({ names }) => {
      const low = { path: names.module(1), version: 'v1.0.0' };
      const high = { path: names.module(1), version: 'v1.2.0' };
      const top = {
        path: names.module(0),
        version: 'v1.0.0',
        requires: [`${high.path} ${high.version}`],
      };
      return {
        modules: [low, high, top],
        files: {
          ...importing(names, [top, low], top.path),
          'go.sum': [low, high, top].map((one) => makeModule(one).sum).join(''),
        },
        command: names.pick(['go build ./...', 'go test ./...', 'go list -deps ./...']),
      };
    },
    MODERN,
  ),
  own(
    'gomod-missing',
    'no-go-mod',
    /(?:go\.mod file not found in current directory or any parent directory.*|cannot find main module.*|no modules specified.*|directory prefix \. does not contain main module.*)/u,
    ({ names }) => ({
      files: { 'main.go': 'package main\n\nfunc main() {}\n' },
      command: names.pick([
        'go mod download',
        'go build ./...',
        'go mod tidy',
        'go test ./...',
        'go list -m all',
      ]),
    }),
  ),
  own(
    'gomod-missing',
    'go-get-outside',
    /(?:'go get' is no longer supported outside a module.*|go\.mod file not found in current directory or any parent directory.*)/u,
    ({ names }) => ({
      files: { 'main.go': 'package main\n' },
      command: `go get ${names.module(0)}@${names.version(0)}`,
    }),
    MODERN,
  ),
  own(
    'gopath-gomod',
    'go-mod-in-gopath',
    /\$GOPATH\/go\.mod exists but should not/u,
    ({ names }) => ({
      files: Object.fromEntries(
        Object.entries(consumer(names)).map(([name, text]) => [`${names.gopath}/${name}`, text]),
      ),
      command: `cd ${names.gopath} && go ${names.pick(['mod download', 'build ./...', 'mod tidy'])}`,
    }),
    ['1.15.15', '1.19.13'],
  ),
  own(
    'gomodules-off',
    'off',
    /(?:modules disabled by GO111MODULE=off.*|cannot find package "\S+" in any of:)/u,
    ({ names }) => ({
      files: consumer(names),
      env: { GO111MODULE: 'off' },
      command: names.pick(['go mod download', 'go build .', 'go mod tidy']),
    }),
  ),
  own(
    'gomodules-off',
    'off-build',
    /(?:cannot find package "\S+" in any of:|go: modules disabled by GO111MODULE=off.*)/u,
    ({ names }) => ({
      files: consumer(names),
      env: { GO111MODULE: 'off' },
      command: names.pick(['go build .', 'go vet .', 'go test .']),
    }),
  ),
  own(
    'replace-dir-missing',
    'beside',
    /(?:\(replaced by \S+\): reading \S+: open \S+: no such file or directory|replacement directory \S+ does not exist|parsing \S+: open \S+: no such file or directory)/u,
    ({ names }) => ({
      files: {
        ...consumer(names),
        'go.mod': `module ${names.main}\n\ngo 1.15\n\nrequire ${names.module(0)} v0.0.0\n\nreplace ${names.module(0)} => ${names.pick(['../shared', '../../libs/common', './third_party/lib'])}\n`,
      },
      command: names.pick(MODS),
    }),
  ),
  own(
    'replace-invalid',
    'two-for-one',
    /go\.mod:\d+: .*(?:conflicting replacements for|replacement module without version must be directory path).*|(?:conflicting replacements for|replacement module without version must be directory path).*/u,
    ({ names }) => ({
      files: withLine(
        names,
        names.pick([
          `replace ${names.module(0)} => ${names.module(1)}`,
          `replace ${names.module(0)} => github.com/fork/it`,
        ]),
      ),
      command: names.pick(MODS),
    }),
  ),
  own(
    'replace-invalid',
    'work-conflict',
    /conflicting replacements (?:for|found for).*/u,
    ({ names }) => ({
      files: {
        'go.work': 'go 1.19\n\nuse ./a\nuse ./b\n',
        'a/go.mod': `module example.com/a\n\ngo 1.19\n\nreplace ${names.module(0)} => ${names.module(1)} v1.0.0\n`,
        'b/go.mod': `module example.com/b\n\ngo 1.19\n\nreplace ${names.module(0)} => ${names.module(2)} v1.0.0\n`,
        'a/a.go': 'package a\n',
        'b/b.go': 'package b\n',
      },
      command: names.pick(['go build ./a', 'go list -m all']),
    }),
    MODERN,
  ),
];
