import type { Failure } from './failure.ts';

export const toolchainFailures: readonly Failure[] = [
  {
    id: 'go-too-old-gomod',
    class: 'toolchain',
    title: 'this Go is too old to read a go.mod',
    meaning:
      'The line is right for newer Go versions: a version with three parts, or a directive that this Go does not know.',
    owner: 'platform',
    retry: 'permanent',
    remedy:
      'use a newer Go image; when it is a dependency whose file is newer and Go must stay, pin the dependency lower. Do not edit the version to please the old Go',
    command: 'go version',
    probe: 'go version against the go line that is named',
    needs: ['go-version', 'module'],
    mistakenFor: ['gomod-syntax'],
    depth: 44,
    forms: [
      {
        phrases: ['must match format 1.'],
        pattern: /invalid go version '?1\.\d{1,3}(?:\.\d{1,3}|rc\d+|beta\d+)?'?: must match format/,
        weight: 4,
        dialect: 'Go 1.20 and earlier',
      },
      {
        phrases: ['unknown directive:'],
        pattern: /unknown directive: (?:toolchain|godebug|tool|ignore)\b/,
        weight: 4,
        dialect: 'toolchain: Go 1.20 and earlier; tool, ignore: before 1.24 and 1.25',
      },
      {
        phrases: ['unknown block type'],
        pattern: /unknown block type: (?:toolchain|godebug|tool|ignore)\b/,
        weight: 4,
      },
      {
        phrases: ['but maximum version supported by tidy is', 'but maximum supported version is'],
        weight: 3,
        dialect: 'Go 1.17 to 1.20',
      },
    ],
  },
  {
    id: 'go-too-old-local',
    class: 'toolchain',
    title: 'a go.mod wants a newer Go, and this one may not fetch it',
    meaning:
      'GOTOOLCHAIN=local, which the official images set, forbids to download the toolchain that the file asks for.',
    owner: 'platform',
    retry: 'permanent',
    remedy: 'raise the Go image; or GOTOOLCHAIN=auto where the network allows the download',
    command: 'go env GOTOOLCHAIN && go version',
    probe: 'go version against the go line, and GOTOOLCHAIN',
    needs: ['go-version', 'environment'],
    mistakenFor: ['toolchain-not-available', 'work-go-too-old'],
    forms: [
      {
        phrases: ['requires go >='],
        pattern: /requires go >= \S{1,30} \(running go/,
        not: /; switching to go/,
        weight: 3,
      },
      {
        phrases: ['requires go1.', 'requires go >='],
        pattern: /requires go ?>?=? ?1\.\d{1,3}[\w.]{0,10} (?:or later|\(running)/,
        not: /; switching to go|-lang was set to/,
        weight: 2,
      },
    ],
  },
  {
    id: 'toolchain-not-available',
    class: 'toolchain',
    title: 'the Go toolchain that is asked for cannot be had',
    meaning:
      'There is no such version for this platform, or the module proxy answers 404 for toolchains, or GOPROXY is off: all are told with these words.',
    owner: 'developer',
    retry: 'permanent',
    remedy:
      'write the go line with three numbers (go 1.23.0); use a Go image that is new enough; let the proxy carry golang.org/toolchain',
    command: 'go list -m -versions golang.org/toolchain',
    probe: 'the toolchain module at each entry of GOPROXY',
    needs: ['go-version', 'environment'],
    mistakenFor: ['toolchain-download-failed', 'go-too-old-local'],
    forms: [
      { phrases: ['no releases found for go'], weight: 3 },
      { phrases: ['toolchain not available'], weight: 4 },
    ],
  },
  {
    id: 'toolchain-download-failed',
    class: 'toolchain',
    title: 'the download of a Go toolchain failed',
    meaning:
      'A newer Go was to be fetched like a module, and the network failed on the way; what failed stands at the end of the line.',
    owner: 'network',
    retry: 'transient-then-permanent',
    remedy:
      'mend what the end of the line says, or use an image that has that Go, so that nothing is downloaded',
    command: 'go env GOPROXY GOTOOLCHAIN',
    probe: 'as for the cause at the end of the line',
    needs: ['target', 'repetition'],
    mistakenFor: ['toolchain-not-available', 'dns-timeout', 'tcp-dial-timeout'],
    depth: 24,
    forms: [
      {
        phrases: ['golang.org/toolchain@'],
        pattern:
          /(?:download go1\S{0,40}[^:]{0,60}: |toolchain@v0\.0\.1-go\S{1,60}: )(?:golang\.org\/toolchain@\S{1,80}: )?(?:Get|Head|read|dial|lookup|stream|reading|verifying|unexpected EOF|context)/,
        not: /: (?:404|410)\b|checksum mismatch/,
        weight: 3,
      },
    ],
  },
  {
    id: 'toolchain-language-version',
    class: 'toolchain',
    title: 'a language version stands where a toolchain version must',
    meaning: '"go1.23" names the language; the toolchain is go1.23.0 or later.',
    owner: 'developer',
    retry: 'permanent',
    remedy: 'write all three numbers in the toolchain line or in GOTOOLCHAIN',
    command: 'go mod edit -toolchain=go1.23.0',
    probe: 'the toolchain line and GOTOOLCHAIN',
    needs: ['environment'],
    mistakenFor: ['toolchain-not-available', 'gotoolchain-invalid'],
    forms: [
      { phrases: ['is a language version but not a toolchain version'], weight: 4 },
      {
        phrases: ['is not a toolchain version'],
        pattern: /go language version \S{1,40} is not a toolchain version/,
        weight: 4,
      },
    ],
  },
  {
    id: 'toolchain-not-in-path',
    class: 'toolchain',
    title: 'the Go that is asked for is not in PATH',
    meaning:
      'GOTOOLCHAIN says "path", so go looks for a program named like the version and does not download.',
    owner: 'platform',
    retry: 'permanent',
    remedy: 'install that version, or set GOTOOLCHAIN to auto',
    command: 'go env GOTOOLCHAIN; ls "$(go env GOPATH)/bin"',
    probe: 'GOTOOLCHAIN, and programs named go1.* in PATH',
    needs: ['environment'],
    mistakenFor: ['toolchain-not-available'],
    forms: [
      {
        phrases: ['" in path'],
        pattern: /cannot find "go1\.[^"]{1,40}" in PATH/,
        weight: 4,
      },
    ],
  },
  {
    id: 'gotoolchain-invalid',
    class: 'toolchain',
    title: 'GOTOOLCHAIN or the toolchain line cannot be read',
    meaning: 'The value is not local, auto, path, a version, or a version with +auto or +path.',
    owner: 'developer',
    retry: 'permanent',
    remedy: 'write auto, local, or goX.Y.Z',
    command: 'go env GOTOOLCHAIN && go env -changed',
    probe: 'the value, and where it was set',
    needs: ['environment'],
    mistakenFor: ['toolchain-language-version'],
    forms: [
      {
        phrases: ['invalid gotoolchain', 'invalid toolchain', 'invalid minimum toolchain'],
        pattern: /invalid GOTOOLCHAIN|invalid (?:minimum )?toolchain(?: version)? ['"]/,
        weight: 3,
      },
    ],
  },
  {
    id: 'go-older-than-code',
    class: 'toolchain',
    title: 'the code was written for a newer Go than this one',
    meaning:
      'Compile errors beside it are a consequence: this Go, or the one that a linter was built with, lacks what the code uses.',
    owner: 'platform',
    retry: 'permanent',
    remedy: 'use a Go image of at least the version in the note',
    command: 'go version',
    probe: 'go version against the go line of the module that failed',
    needs: ['go-version'],
    mistakenFor: ['compile-error', 'import-std-missing'],
    forms: [
      {
        phrases: ['note: module requires go 1.', 'module requires go 1.'],
        weight: 4,
        dialect: 'Go 1.20 and earlier',
      },
      {
        // Linters and other tools are built with a Go of their own.
        phrases: [
          'requires newer go version go1.',
          'used to build golangci-lint is lower than the targeted go version',
          'export data: unsupported version',
          'export data: cannot import',
        ],
        weight: 4,
        dialect: 'tools that read Go code',
      },
      {
        phrases: [
          'go: unknown subcommand ',
          'go mod: unknown command',
          'go work: unknown command',
          'go: unknown command ',
        ],
        pattern:
          /unknown (?:sub)?command "(?:mod|work|vet|telemetry)"|go (?:mod|work): unknown command/,
        weight: 2,
        dialect: 'a Go from before the command',
      },
      {
        phrases: ["can only use path@version syntax with 'go get'"],
        not: /in module-aware mode/,
        weight: 2,
        dialect: 'Go 1.15 and earlier, which cannot install a version',
      },
    ],
  },
  {
    id: 'go-install-mixed',
    class: 'toolchain',
    title: 'two Go installations are mixed',
    meaning:
      'The go command of one version runs the compiler of another: GOROOT or PATH point to both.',
    owner: 'platform',
    retry: 'permanent',
    remedy: 'unset GOROOT, and keep one installation in PATH',
    command: 'go env GOROOT; which -a go; unset GOROOT',
    probe: 'GOROOT, and each go in PATH',
    needs: ['environment'],
    mistakenFor: ['goroot-broken', 'cache-corrupt'],
    forms: [
      {
        phrases: ['too many toolchain switches', 'invoked to provide'],
        pattern: /too many toolchain switches|toolchain \S{1,60} invoked to provide/,
        weight: 3,
      },
      {
        phrases: ['does not match go tool version', 'object is [linux'],
        pattern: /does not match go tool version|object is \[.{1,100}\] expected \[/,
        weight: 4,
      },
    ],
  },
  {
    id: 'goroot-broken',
    class: 'toolchain',
    title: 'the Go installation is not whole',
    meaning:
      'There is no go where it is looked for: it is not in PATH, GOROOT points nowhere, or files of the standard library or the tools are missing.',
    owner: 'platform',
    retry: 'permanent',
    remedy: 'unset GOROOT; install Go anew into an empty directory, never over an older one',
    command: 'go env GOROOT && ls "$(go env GOROOT)/src" | head',
    probe: 'GOROOT, and whether it holds src and pkg/tool',
    needs: ['environment'],
    mistakenFor: ['import-std-missing', 'disk-full'],
    forms: [
      {
        phrases: [
          'cannot find goroot directory',
          'no such tool ',
          'goroot is not set',
          'go: cannot find goroot',
        ],
        pattern: /cannot find GOROOT|no such tool "|GOROOT is not/i,
        weight: 4,
      },
      {
        phrases: ['executable file not found'],
        pattern: /exec: "go": executable file not found/,
        weight: 3,
      },
      {
        phrases: ['pkg/tool/'],
        pattern: /fork\/exec \S{1,300}\/pkg\/tool\/\S{1,100}: no such file or directory/,
        weight: 3,
      },
      {
        phrases: [
          'go: command not found',
          'go: not found',
          'command not found: go',
          "'go' is not recognized as an internal or external command",
          "the term 'go' is not recognized",
          'make: go: no such file or directory',
          "env: 'go': no such file or directory",
          'env: go: no such file or directory',
        ],
        not: /command not found: go\w/,
        weight: 3,
      },
    ],
  },
];
