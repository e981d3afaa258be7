import type { Failure } from './failure.ts';

/** Imports, vendor directories and workspaces of the developer. */
export const importFailures: readonly Failure[] = [
  {
    id: 'require-no-package',
    class: 'own-files',
    title: 'no module in go.mod has an imported package',
    meaning: 'The code imports a package and nothing in go.mod provides it.',
    owner: 'developer',
    retry: 'permanent',
    remedy: 'add the module and commit go.mod and go.sum, or correct the import path',
    command: 'go mod tidy',
    probe: 'does any required module have that package',
    needs: ['module'],
    mistakenFor: ['module-without-package', 'gosum-missing-entry'],
    forms: [
      { phrases: ['cannot find module for path'], weight: 2, dialect: 'up to Go 1.13' },
      {
        phrases: [
          'and is replaced but not required',
          'missing module for import:',
          'module lookup disabled by -mod=readonly',
        ],
        weight: 3,
      },
      {
        phrases: ['no required module provides package', 'import lookup disabled by -mod=readonly'],
        weight: 3,
      },
      { phrases: ['is not in your go.mod file'], weight: 2, dialect: 'gopls' },
      {
        phrases: ['cannot find module providing package'],
        pattern: /cannot find module providing package \S{1,400}$/,
        weight: 1,
      },
    ],
  },
  {
    id: 'module-without-package',
    class: 'own-files',
    title: 'the module is there, and the package is not in it',
    meaning:
      'At the version that was chosen the module has no such package: it moved, was removed, is generated and not committed, or another major version has it.',
    owner: 'developer',
    retry: 'permanent',
    remedy: 'use the new import path, or a version that still has the package',
    command: 'go list -m -versions {module}',
    probe: 'the packages of the module at that version',
    needs: ['module', 'go-version'],
    mistakenFor: ['require-no-package', 'cache-corrupt', 'import-std-missing'],
    forms: [
      { phrases: ['but not at required version'], weight: 3 },
      { phrases: ['but does not contain package', "but doesn't contain package"], weight: 3 },
    ],
  },
  {
    id: 'ambiguous-import',
    class: 'own-files',
    title: 'two modules have the same package',
    meaning:
      'A package was carved out of an older module into one of its own, and both are in the build.',
    owner: 'developer',
    retry: 'permanent',
    remedy: 'raise the older parent to a version that no longer has the package',
    command: 'go get {module}@latest',
    probe: 'go mod graph: who asks for the older parent',
    needs: ['module'],
    mistakenFor: ['module-without-package'],
    forms: [{ phrases: ['ambiguous import:'], weight: 3 }],
  },
  {
    id: 'vendor-inconsistent',
    class: 'own-files',
    title: 'vendor/ does not fit go.mod',
    meaning: 'vendor/modules.txt and go.mod name different versions or modules.',
    owner: 'developer',
    retry: 'permanent',
    remedy:
      'run go mod vendor and commit everything in vendor/; see that the image copies all of it',
    command: 'go mod vendor',
    probe: 'go.mod against vendor/modules.txt',
    needs: [],
    mistakenFor: ['vendor-lookup-disabled', 'gomod-update-needed'],
    forms: [
      {
        phrases: [
          'is not a package listed in vendor/modules.txt',
          'should be required explicitly in go.mod',
          'reading modules.txt for vendor directory',
        ],
        weight: 2,
      },
      { phrases: ['inconsistent vendoring'], weight: 3, dialect: 'Go 1.14 and later' },
      {
        // The head names a directory; what does not fit stands below it.
        phrases: [
          'but vendor/modules.txt indicates',
          'marked as explicit in vendor/modules.txt',
          'marked as replaced in vendor/modules.txt',
          'but marked as replaced by',
        ],
        weight: 4,
      },
    ],
  },
  {
    id: 'vendor-lookup-disabled',
    class: 'own-files',
    title: 'a package is not in vendor/, and nothing else may be asked',
    meaning: 'With -mod=vendor only vendor/ counts, and the package is not there.',
    owner: 'developer',
    retry: 'permanent',
    remedy:
      'run go mod vendor and commit; if no vendoring was meant, take -mod=vendor out of GOFLAGS',
    command: 'go env GOFLAGS && go mod vendor',
    probe: 'GOFLAGS, and the package in vendor/modules.txt',
    needs: ['environment'],
    mistakenFor: ['require-no-package', 'vendor-inconsistent'],
    forms: [
      {
        phrases: [
          'import lookup disabled by -mod=vendor',
          'using the vendor directory',
          'disabled by -mod=vendor',
        ],
        weight: 4,
      },
      {
        phrases: ['cannot find package'],
        pattern: /cannot find package "\." in:/,
        weight: 3,
        dialect: 'Go 1.14 and 1.15',
      },
    ],
  },
  {
    id: 'work-module-missing',
    class: 'own-files',
    title: 'go.work names a module that is not there',
    meaning: 'A directory in the use lines of go.work has no go.mod in this environment.',
    owner: 'developer',
    retry: 'permanent',
    remedy: 'copy all modules of the workspace, or switch it off for this step',
    command: 'GOWORK=off go build ./...',
    probe: 'each use line of go.work, in that environment',
    needs: ['environment'],
    mistakenFor: ['replace-dir-missing', 'gomod-missing'],
    forms: [
      { phrases: ['listed in go.work file: open', 'listed in go.work: open'], weight: 4 },
      {
        phrases: ['listed in go.work file'],
        pattern: /cannot load module .{1,400} listed in go\.work file/,
        weight: 3,
      },
      {
        // Where no workspace is meant, the go.mod of a main module was found before it is opened.
        phrases: ['go.mod: no such file or directory', 'go.mod: the system cannot find'],
        pattern:
          /(?:^|\s)go: open (?:\/|[A-Za-z]:\\)\S{1,300}go\.mod: (?:no such file|The system cannot)/,
        not: /replaced by|pkg[/\\]mod/,
        weight: 2,
        dialect: 'Go 1.18 to 1.20',
      },
    ],
  },
  {
    id: 'work-go-too-old',
    class: 'own-files',
    title: 'a module of the workspace wants a newer Go than go.work names',
    meaning: 'The go line of go.work must be at least that of every module in it.',
    owner: 'developer',
    retry: 'permanent',
    remedy: 'let go write it anew',
    command: 'go work use',
    probe: 'the go lines of go.work and of its modules',
    needs: ['go-version'],
    mistakenFor: ['go-too-old-local'],
    forms: [{ phrases: ['but go.work lists go', 'go.work file requires go'], weight: 4 }],
  },
  {
    id: 'work-not-listed',
    class: 'own-files',
    title: 'this directory is not part of the workspace',
    meaning: 'A go.work above this directory is in force and does not list its module.',
    owner: 'developer',
    retry: 'permanent',
    remedy: 'add the module to the workspace, or switch the workspace off for this step',
    command: 'go env GOWORK && go work use .',
    probe: 'GOWORK and the use lines',
    needs: ['environment'],
    mistakenFor: ['gomod-missing'],
    forms: [
      { phrases: ['outside modules listed in go.work'], weight: 3 },
      {
        phrases: [
          'does not contain modules listed in go.work',
          'not one of the workspace modules',
          'contains modules that are not',
        ],
        weight: 4,
      },
    ],
  },
  {
    id: 'import-std-missing',
    class: 'own-files',
    title: 'an import without a host is not in the standard library',
    meaning:
      'A path whose first part has no dot is looked for in the standard library of this Go. It is a package of a newer Go, or a local package without its module prefix, or generated code that is missing.',
    owner: 'developer',
    retry: 'permanent',
    remedy:
      'for a package that newer Go versions have: a newer Go; for your own: the whole path with the module in front',
    command: 'go version && go list std',
    probe: 'is the path a package of a newer standard library',
    needs: ['go-version'],
    mistakenFor: ['goroot-broken', 'require-no-package'],
    forms: [
      {
        phrases: ['is not in std', 'is not in goroot'],
        pattern: /package \S{1,300} is not in (?:std|GOROOT)/,
        weight: 3,
      },
    ],
  },
  {
    id: 'malformed-import-path',
    class: 'own-files',
    title: 'an import or module path has a form that cannot be fetched',
    meaning: 'The first part has no dot, or a character is not allowed there.',
    owner: 'developer',
    retry: 'permanent',
    remedy:
      'write the whole path with its host; for a module that only exists locally, require and replace it',
    command: 'grep -rn "{module}" --include=*.go --include=go.mod .',
    probe: 'the first element of the path',
    needs: ['module', 'go-version'],
    mistakenFor: ['import-std-missing', 'goroot-broken'],
    forms: [
      {
        phrases: [
          'import path does not begin with hostname',
          'is not a valid import path',
          'invalid import path',
        ],
        weight: 2,
      },
      {
        phrases: [
          'malformed module path',
          'malformed import path',
          'missing dot in first path element',
        ],
        weight: 3,
      },
    ],
  },
  {
    id: 'embed-missing',
    class: 'own-files',
    title: 'files that are to be embedded are not there',
    meaning:
      'A go:embed pattern matches nothing: the front end was not built before, or its output was not copied.',
    owner: 'developer',
    retry: 'permanent',
    remedy: 'build the assets before go build, and see that .dockerignore lets them through',
    command: 'grep -rn "//go:embed" --include=*.go .',
    probe: 'the files of the pattern in that environment',
    needs: ['environment'],
    mistakenFor: ['compile-error', 'build-context-missing'],
    forms: [
      {
        phrases: ['no matching files found', 'cannot embed '],
        pattern: /pattern \S{1,300}: (?:no matching files found|cannot embed)/,
        weight: 3,
      },
    ],
  },
  {
    id: 'zero-pseudo-version',
    class: 'own-files',
    title: 'a dependency was released with a placeholder for one of its own modules',
    meaning:
      'v0.0.0-00010101000000-000000000000 is what go writes beside a replace with a path. Replaces do not reach those who depend on it.',
    owner: 'author',
    retry: 'permanent',
    remedy:
      'the author tags a release with a real version; until then replace that module in your own go.mod',
    command: 'go mod graph | grep 00010101000000',
    probe: 'go.mod of the dependency at that version',
    needs: ['module'],
    mistakenFor: ['version-unknown-revision', 'pseudo-version-invalid'],
    depth: 54,
    forms: [
      {
        phrases: ['00010101000000-000000000000', 'unknown revision 000000000000'],
        not: /=> |^\s*\S+ v0\.0\.0-00010101000000-000000000000$|downloading|finding/,
        weight: 4,
      },
    ],
  },
  {
    id: 'case-collision',
    class: 'own-files',
    title: 'one module is written in two spellings',
    meaning: 'Two paths differ only in capital letters, as after a rename of the author.',
    owner: 'developer',
    retry: 'permanent',
    remedy: 'use one spelling everywhere; raise old dependents that still use the other',
    command: 'go mod graph | grep -i {module}',
    probe: 'paths in the graph that differ only in case',
    needs: ['module'],
    mistakenFor: ['module-path-mismatch', 'module-zip-rejected'],
    forms: [{ phrases: ['case-insensitive import collision'], weight: 3 }],
  },
];
