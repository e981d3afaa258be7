import { packageName } from '../world/module-files.ts';
import { files, fix, theModule, typed, type Fixes } from './fix.ts';

const EMPTY_MAIN = 'package main\n\nfunc main() {}\n';

/** go.sum, go.mod, imports, workspaces and vendor directories. */
export const ownFileFixes: Fixes = {
  'gosum-mismatch': typed(
    'zip',
    'the two lines of that version were removed, then go mod tidy',
    ({ names }) => `sed -i '\\#^${names.module(0)} ${names.version(0)}#d' go.sum && go mod tidy`,
  ),
  'cache-empty-file-hash': fix('empty-go-mod-in-the-cache', 'go clean -modcache', () => ({
    typed: 'go clean -modcache',
  })),
  'gosum-missing-entry': typed('go-sum-not-copied', 'go mod tidy', 'go mod tidy'),
  'gosum-malformed': typed(
    'conflict-markers',
    'the marks were removed, the lines of both sides kept, then go mod tidy',
    "sed -i '/^[<=>]\\{7\\}/d' go.sum && go mod tidy",
  ),
  'gosum-update-needed': typed(
    'readonly-1.15',
    'go mod tidy with the Go of the build',
    'go mod tidy',
  ),
  'gomod-syntax': files('unknown-directive', 'the named line was corrected', ({ names }) => ({
    'go.mod': `module ${names.main}\n\ngo 1.15\n`,
  })),
  'gomod-merge-conflict': files(
    'markers',
    'the higher version was kept, the marks removed, then go mod tidy',
    ({ names }) => ({
      'go.mod': `module ${names.main}\n\ngo 1.15\n\nrequire ${names.module(0)} v1.1.0\n`,
    }),
    'go mod tidy',
    ({ names }) => [{ path: names.module(0), version: 'v1.1.0' }],
  ),
  'gomod-missing-module-line': typed(
    'none',
    'go mod edit -module example.com/name',
    'go mod edit -module example.com/name',
  ),
  'gomod-update-needed': typed(
    'a-dependency-wants-more',
    'go mod tidy',
    'go mod tidy',
    ({ names }) => [
      { path: names.module(1), version: 'v1.0.0' },
      { path: names.module(1), version: 'v1.2.0' },
      { path: names.module(0), version: 'v1.0.0', requires: [`${names.module(1)} v1.2.0`] },
    ],
  ),
  'gomod-missing': typed('no-go-mod', 'go mod init', 'go mod init example.com/name'),
  'gomodules-off': typed(
    'off',
    'the variable was removed, and go.sum made',
    'unset GO111MODULE; go mod tidy',
  ),
  'gopath-gomod': fix(
    'go-mod-in-gopath',
    'the sources were moved to a directory of their own, outside of GOPATH, where go mod tidy made go.sum',
    async (world, planted) => {
      await world.mirror([theModule(world)]);
      const { gopath } = world.names;
      return {
        typed: `mkdir -p /own && mv ${gopath}/go.mod ${gopath}/main.go /own && cd /own && go mod tidy`,
        command: planted.command.replace(`cd ${gopath} && `, ''),
      };
    },
  ),
  'replace-dir-missing': typed(
    'beside',
    'the directory was copied to its place',
    ({ names }, planted) => {
      const folder = / => (\S+)/.exec(planted.files?.['go.mod'] ?? '')?.[1] ?? '';
      const name = packageName(names.module(0));
      return `mkdir -p ${folder} && echo 'module ${names.module(0)}' >${folder}/go.mod && printf 'package ${name}\\n\\nfunc Name() string { return "" }\\n' >${folder}/${name}.go`;
    },
  ),
  'replace-invalid': typed(
    'work-conflict',
    'go.work has the replace that shall win',
    ({ names }) => `go work edit -replace=${names.module(0)}=${names.module(1)}@v1.0.0`,
  ),
  'require-no-package': typed(
    'not-required',
    'go get PACKAGE',
    ({ names }) => `go get ${names.module(0)}`,
  ),
  'module-without-package': files(
    'package-moved',
    'the package was imported under its new path',
    ({ names }) => ({
      'main.go': `package main\n\nimport _ "${names.module(0)}"\n\nfunc main() {}\n`,
    }),
  ),
  'ambiguous-import': typed(
    'carved-out',
    'the parent was raised to a version without the package',
    ({ names }) => `go get ${names.module(0)}@v1.1.0 && go mod tidy`,
    ({ names }) => {
      const child = packageName(names.module(0));
      const own = { [`${child}.go`]: `package ${child}\n` };
      return [
        { path: names.module(0), version: 'v1.0.0', files: { 'x/x.go': 'package x\n', ...own } },
        { path: names.module(0), version: 'v1.1.0', files: own },
        { path: `${names.module(0)}/x`, version: 'v1.0.0', files: { 'x.go': 'package x\n' } },
      ];
    },
  ),
  'vendor-inconsistent': typed(
    'go-mod-ahead',
    'go mod vendor, after go mod tidy',
    'go mod tidy && go mod vendor',
  ),
  'vendor-lookup-disabled': typed(
    'not-vendored',
    'the module was required, then go mod vendor',
    'go mod tidy && go mod vendor',
  ),
  'work-go-too-old': typed('go-line', 'go work use', 'go work use'),
  'work-not-listed': typed('other-folder', 'go work use for the directory', 'go work use ./b'),
  'import-std-missing': files('no-prefix', 'the whole import path was written', ({ names }) => ({
    'own/own.go': 'package own\n',
    'main.go': `package main\n\nimport _ "${names.main}/own"\n\nfunc main() {}\n`,
  })),
  'malformed-import-path': typed(
    'no-dot',
    'the module was replaced with its directory',
    (_, planted) => {
      const path = /require (\S+)/.exec(planted.files?.['go.mod'] ?? '')?.[1] ?? '';
      return `mkdir -p own && echo 'module ${path}' >own/go.mod && go mod edit -replace=${path}=./own`;
    },
  ),
  'embed-missing': typed('front-end-not-built', 'the assets were made first', (_, planted) => {
    const pattern = /go:embed (\S+)/.exec(planted.files?.['main.go'] ?? '')?.[1] ?? '';
    const file = pattern.replace('*', 'index');
    return `mkdir -p $(dirname ${file}) && echo x >${file}`;
  }),
  'case-collision': files(
    'two-spellings',
    'one spelling was used, that of the go.mod of the module, then go mod tidy',
    ({ names }) => ({
      'go.mod': `module ${names.main}\n\ngo 1.17\n\nrequire ${names.module(0)} v1.0.0\n`,
      'main.go': `package main\n\nimport _ "${names.module(0)}"\n\nfunc main() {}\n`,
    }),
    'go mod tidy',
    ({ names }) => [{ path: names.module(0), version: 'v1.0.0' }],
  ),
  'compile-error': files('undefined', 'the code that is named was mended', () => ({
    'main.go': EMPTY_MAIN,
  })),
  'test-failure': files('assertion', 'the code was mended', () => ({
    'main_test.go': 'package main\n\nimport "testing"\n\nfunc TestSum(t *testing.T) {}\n',
  })),
};
