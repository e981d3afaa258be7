import type { Failure } from './failure.ts';

/** The developer's own go.mod, and what it points to. */
export const goModFailures: readonly Failure[] = [
  {
    id: 'gomod-syntax',
    class: 'own-files',
    title: 'go.mod cannot be read',
    meaning: 'A line of go.mod or go.work breaks the grammar of the file.',
    owner: 'developer',
    retry: 'permanent',
    remedy: 'correct the line that is named',
    command: 'go mod edit -json',
    probe: 'go.mod alone, parsed',
    needs: ['go-version'],
    mistakenFor: ['go-too-old-gomod', 'gomod-merge-conflict', 'proxy-bad-gomod'],
    forms: [
      {
        phrases: ['go.mod:', 'go.work:'],
        pattern: /^(?:go: )?\S{0,300}go\.(?:mod|work):\d{1,6}(?::\d{1,4})?: \S/,
        not: /(?:git|hg|svn) .{0,300} in .{0,300}exit status/,
        weight: 1,
      },
      {
        phrases: [
          'unknown directive:',
          'unknown block type',
          'syntax error (',
          'usage: require',
          'usage: module',
          'usage: replace',
          'usage: exclude',
          'usage: retract',
          'usage: toolchain',
          'usage: go 1',
          'usage: go v',
          'go directive',
          'invalid quoted string',
          'repeated go ',
          'repeated module',
          'repeated toolchain',
          'unexpected input character',
          'must match format',
          'invalid module path',
          'unexpected newline in',
          'invalid go version',
        ],
        pattern:
          /go\.(?:mod|work):\d{1,6}(?::\d{1,4})?: (?:\S{1,40}: )?(?:unknown directive|unknown block type|syntax error|usage: |invalid quoted string|repeated \w|unexpected |invalid go version|invalid module|invalid toolchain version|malformed|unquoted)/,
      },
    ],
  },
  {
    id: 'gomod-merge-conflict',
    class: 'own-files',
    title: 'go.mod has the marks of a merge conflict',
    meaning: 'A merge was committed before its conflict in go.mod was resolved.',
    owner: 'developer',
    retry: 'permanent',
    remedy: 'keep the higher version of each module, remove the marks, run go mod tidy',
    command: 'grep -n "^[<=>]\\{7\\}" go.mod go.sum',
    probe: 'the named line of go.mod',
    needs: [],
    mistakenFor: ['gomod-syntax', 'gosum-malformed'],
    forms: [
      {
        phrases: ['directive: <<<<', 'directive: ====', 'directive: >>>>'],
        pattern: /(?:unknown directive|unexpected|malformed).{0,60}(?:<{7}|>{7}|={7})/,
        weight: 4,
      },
      // Inside a require block the marker is read as a module.
      { phrases: ['malformed module path'], pattern: /malformed module path "<{4}/, weight: 4 },
    ],
  },
  {
    id: 'gomod-missing-module-line',
    class: 'own-files',
    title: 'go.mod does not say which module it is',
    meaning: 'The module line of this repository is missing, or the file is empty.',
    owner: 'developer',
    retry: 'permanent',
    remedy: 'write "module PATH" as the first line',
    command: 'go mod edit -module PATH',
    probe: 'the first lines of go.mod',
    needs: [],
    mistakenFor: ['proxy-bad-gomod', 'gomod-missing'],
    forms: [{ phrases: ['missing module declaration', 'no module declaration in go.mod'] }],
  },
  {
    id: 'gomod-version-suffix',
    class: 'own-files',
    title: 'a version in go.mod does not fit the major version in the path',
    meaning:
      'From version 2 on the module path ends in /vN, unless the module has no go.mod, which +incompatible says.',
    owner: 'developer',
    retry: 'permanent',
    remedy:
      'add /vN to the path in go.mod and in imports, or +incompatible to the version when the repository has no go.mod',
    command: 'go get {module}@{version}',
    probe: 'the end of the path against the version',
    needs: ['module'],
    mistakenFor: ['major-version-suffix', 'gomod-syntax'],
    forms: [
      {
        phrases: ['should be v'],
        pattern:
          /(?:version "[^"]{1,100}" invalid: |invalid version: |go\.mod:\d{1,6}: .{0,200})should be v\d/,
        not: /module contains a go\.mod/,
        weight: 3,
      },
    ],
  },
  {
    id: 'gomod-update-needed',
    class: 'own-files',
    title: 'go.mod is not up to date',
    meaning:
      'The code or another module needs a line that go.mod does not have, and -mod=readonly forbids to add it.',
    owner: 'developer',
    retry: 'permanent',
    remedy: 'run go mod tidy with the Go that the build uses, and commit the difference',
    command: 'go mod tidy',
    probe: 'go mod tidy in a copy, and the difference',
    needs: ['go-version'],
    mistakenFor: ['gosum-update-needed', 'require-no-package'],
    forms: [
      {
        phrases: [
          'from implicitly required module',
          'would fail to locate it',
          'to upgrade to the versions selected by go',
        ],
        weight: 3,
      },
      { phrases: ['updates to go.mod needed'], weight: 3 },
      {
        // What scripts say after "go mod tidy" and a comparison
        phrases: ['not tidy', 'not up to date', 'not up-to-date', 'out of date'],
        pattern: /go\.(?:mod|sum)\b.{0,80}(?:not tidy|not up.to.date|out of date)/i,
        weight: 1,
      },
    ],
  },
  {
    id: 'gomod-missing',
    class: 'own-files',
    title: 'there is no go.mod here',
    meaning:
      'Neither this directory nor one above it has a go.mod: a wrong working directory, a file that was not copied, or a project from before modules.',
    owner: 'developer',
    retry: 'permanent',
    remedy:
      'change to the directory of the module (WORKDIR in an image), copy go.mod before this step, see that .dockerignore lets it through',
    command: 'pwd && ls && go env GOMOD',
    probe: 'is there a go.mod from the working directory upwards, in that environment',
    needs: ['environment'],
    mistakenFor: ['gomodules-off', 'build-context-missing'],
    forms: [
      {
        phrases: [
          'outside main module or its selected dependencies',
          'requires a version when current directory is not in a module',
        ],
        weight: 3,
      },
      {
        phrases: [
          'go.mod file not found in current directory',
          'cannot find main module',
          'no longer supported outside a module',
          'no modules specified',
          'no modules were found in the current workspace',
          'directory prefix',
          'cannot determine module path for source directory',
          'no go.mod file',
          'gopls was not able to find modules in your workspace',
          'gopls requires a module at the root of your workspace',
        ],
        not: /does not contain modules listed in go\.work/,
        weight: 3,
      },
      {
        phrases: ['go.mod: no such file or directory'],
        pattern: /(?:^|\s)(?:open|stat|go:.{0,80}) ?\S{0,300}go\.mod: no such file or directory/,
        not: /replaced by|pkg\/mod|go\.work|replacement/,
        weight: 1,
      },
    ],
  },
  {
    id: 'gopath-gomod',
    class: 'own-files',
    title: 'go.mod lies in the GOPATH directory itself',
    meaning:
      'The repository was copied to where GOPATH points, mostly because the image has no WORKDIR.',
    owner: 'developer',
    retry: 'permanent',
    remedy: 'put "WORKDIR /src" before the COPY',
    command: 'go env GOPATH && pwd',
    probe: 'whether the working directory is GOPATH',
    needs: ['environment'],
    mistakenFor: ['gomod-missing'],
    forms: [
      {
        phrases: ['exists but should not'],
        pattern: /go\.(?:mod|work) exists but should not/,
        weight: 3,
      },
    ],
  },
  {
    id: 'gomodules-off',
    class: 'own-files',
    title: 'modules are switched off',
    meaning: 'GO111MODULE is off, or auto below GOPATH, so go looks for packages in GOPATH only.',
    owner: 'platform',
    retry: 'permanent',
    remedy: 'unset GO111MODULE where it is set',
    command: 'go env GO111MODULE && go env -u GO111MODULE',
    probe: 'GO111MODULE and where it is set',
    needs: ['environment', 'go-version'],
    mistakenFor: ['gomod-missing', 'import-std-missing'],
    forms: [
      {
        phrases: ['only valid when using modules', 'cannot use path@version syntax in gopath mode'],
        weight: 2,
      },
      {
        phrases: ["with 'go get' and 'go install' in module-aware mode"],
        weight: 2,
      },
      {
        phrases: ['modules disabled by go111module', 'modules disabled inside gopath/src'],
        weight: 3,
      },
      { phrases: ['(from $goroot)', '(from $gopath)'], weight: 2 },
      {
        phrases: ['cannot find package'],
        pattern: /cannot find package "[^"]{1,300}" in (?:any of:|GOROOT or GOPATH)/,
        weight: 3,
      },
    ],
  },
  {
    id: 'replace-dir-missing',
    class: 'own-files',
    title: 'a replace points to a directory that is not there',
    meaning:
      'go.mod replaces a module by a path, and that path does not exist in this environment.',
    owner: 'developer',
    retry: 'permanent',
    remedy:
      'copy the directory before the first go command, or keep local replaces in a go.work that is not committed',
    command: 'go mod edit -json | grep -A3 Replace',
    probe: 'the target of the replace, in the build environment',
    needs: ['environment'],
    mistakenFor: ['gomod-missing', 'cache-corrupt', 'work-module-missing'],
    forms: [
      {
        phrases: ['no such file or directory', 'cannot find the', 'does not exist'],
        pattern:
          /\(?replaced by (?:\.|\/|[A-Za-z]:)[^)]{1,400}\): .{0,400}(?:no such file|cannot find the|does not exist)|(?:reading|parsing) \.\.?\/\S{0,400}go\.mod: open|replacement directory \S{1,400} does not exist/,
        weight: 3,
      },
    ],
  },
  {
    id: 'replace-invalid',
    class: 'own-files',
    title: 'two replaces contradict each other, or one is incomplete',
    meaning:
      'A module has two targets, or a target that is neither a path nor a module with a version; or "go install M@v" was asked for a module whose go.mod replaces others.',
    owner: 'developer',
    retry: 'permanent',
    remedy: 'keep one replace for each module; a path begins with ./ or ../',
    command: 'go mod edit -json',
    probe: 'the replace lines of go.mod and go.work',
    needs: [],
    mistakenFor: ['replace-dir-missing', 'gomod-syntax'],
    forms: [
      {
        phrases: [
          'conflicting replacements',
          'replacement module without version',
          'replacement module must',
          'replacement module directory path',
          'used for two different module paths',
          'is replaced at all versions in the go.work file',
        ],
        weight: 4,
      },
      {
        phrases: [
          'the go.mod file for the module providing named packages contains',
          'more replace directives',
          'more exclude directives',
        ],
        weight: 3,
      },
    ],
  },
];
