import type { Failure } from './failure.ts';

const verdict = { class: 'hand-over', owner: 'developer', retry: 'permanent' } as const;

/** What golangci-lint puts behind each finding; `typecheck` is not among them, because it repeats what go said. */
const linters: readonly string[] = (
  'errcheck govet staticcheck unused gosimple ineffassign revive gofmt goimports gocritic gosec ' +
  'stylecheck gofumpt lll misspell gocyclo unparam nolintlint bodyclose depguard goconst dupl ' +
  'wrapcheck errorlint prealloc whitespace exhaustive noctx funlen testifylint perfsprint gci ' +
  'asasalint asciicheck bidichk containedctx contextcheck copyloopvar cyclop deadcode decorder ' +
  'dogsled dupword durationcheck err113 errchkjson errname exhaustruct exportloopref exptostd ' +
  'fatcontext forbidigo forcetypeassert ginkgolinter gochecknoglobals gochecknoinits gocognit ' +
  'godot godox goerr113 goheader golines golint gomnd gomoddirectives gomodguard ' +
  'goprintffuncname importas interfacebloat intrange ireturn loggercheck maintidx makezero ' +
  'mirror mnd musttag nakedret nestif nilerr nilnil nlreturn nonamedreturns paralleltest ' +
  'predeclared promlinter protogetter reassign recvcheck rowserrcheck scopelint sloglint ' +
  'spancheck sqlclosecheck structcheck tagalign tagliatelle tenv testpackage thelper tparallel ' +
  'unconvert usestdlibvars usetesting varcheck varnamelen wastedassign wsl wsl_v5 zerologlint ' +
  'maligned interfacer'
).split(' ');

/** What is not a failure of the dependency step: recognised, so that nobody looks for one. */
export const handOverFailures: readonly Failure[] = [
  {
    ...verdict,
    id: 'step-cancelled',
    title: 'the step was cancelled',
    meaning: 'Somebody or a sibling that failed ended it. The cause is elsewhere, if there is one.',
    remedy: 'look at the step that failed first, or at who cancelled the run',
    probe: 'the first failure among the steps that ran beside it',
    needs: [],
    mistakenFor: ['step-timeout', 'runner-lost'],
    depth: 90,
    forms: [
      {
        phrases: ['canceled', 'cancelled'],
        pattern:
          /^(?:CANCELED|CANCELLED)$|\bCANCELED$|context canceled|[Oo]peration was cancell?ed|(?:job|run|build|workflow|pipeline|step) (?:was|has been|execution) ?cancell?ed|cancell?ed by|Cancell?ed/,
        weight: 1,
      },
    ],
  },
  {
    ...verdict,
    id: 'compile-error',
    title: 'the code does not compile',
    meaning: 'All modules were there: the compiler or vet found a mistake in the code.',
    remedy: 'mend the code at the position that is named',
    command: 'go build ./...',
    probe: 'go build of the same commit on another machine',
    needs: [],
    mistakenFor: ['go-older-than-code', 'cache-corrupt', 'embed-missing'],
    forms: [
      {
        phrases: [
          'undefined: ',
          'cannot use ',
          'declared and not used',
          'imported and not used',
          'syntax error: ',
          'missing return',
          'not enough arguments',
          'too many arguments',
          'cannot assign',
          'no field or method',
          'does not implement',
          'build constraints exclude all go files',
          'redeclared in this block',
          'mismatched types',
          'undeclared name',
          'assignment mismatch',
          'missing method',
          'invalid operation',
          'cannot convert',
          'unknown field',
          'no new variables',
          'declared but not used',
          'imported but not used',
          'is not a type',
          'cannot infer',
          'other declaration of',
          'import cycle not allowed',
          'non-name ',
          'invalid recursive type',
          'cannot range over',
          'has no field',
          'not exported by package',
          'function main is undeclared',
          'is not used',
          'duplicate case',
          'too many errors',
        ],
        pattern:
          /\.go:\d{1,7}(?::\d{1,5})?: (?!\S{1,300}@v\d)|build constraints exclude all Go files|import cycle not allowed|function main is undeclared|^too many errors$/,
        not: /could not import|cannot find (?:package|module)|is not in (?:std|GOROOT)/,
      },
      { phrases: ['[build failed]', '[setup failed]'], weight: 1 },
    ],
  },
  {
    ...verdict,
    id: 'test-failure',
    title: 'a test failed',
    meaning:
      'The program was built and its tests ran: what they print of networks and files is their own affair.',
    remedy: 'mend the test or what it tests',
    command: 'go test ./...',
    probe: 'the test alone, several times',
    needs: [],
    mistakenFor: ['tcp-connection-refused', 'step-timeout'],
    depth: 78,
    forms: [
      { phrases: ['--- fail:'], pattern: /--- FAIL: /, weight: 3 },
      { phrases: ['panic: test timed out'], weight: 3 },
      { phrases: ['fail\t'], pattern: /^FAIL\t\S{1,300}\t[\d.]+s/, weight: 2 },
    ],
  },
  {
    ...verdict,
    id: 'lint-failure',
    title: 'a linter found something',
    meaning: 'The code compiles, and a check of its style or of likely mistakes did not pass.',
    remedy: 'mend what the linter names, or change its rules',
    command: 'golangci-lint run',
    probe: 'the same linter on the same commit',
    needs: [],
    mistakenFor: ['compile-error', 'http2-stream-error'],
    depth: 79,
    forms: [
      {
        phrases: linters.map((name) => `(${name})`),
        pattern: /\.go:\d{1,7}(?::\d{1,5})?: .{1,1500}\(\w{2,20}\)$/,
        weight: 3,
      },
      {
        // Checks of staticcheck by their numbers
        phrases: [
          '(sa1',
          '(sa2',
          '(sa3',
          '(sa4',
          '(sa5',
          '(sa6',
          '(sa9',
          '(s10',
          '(st10',
          '(qf10',
          '(u1000)',
        ],
        pattern: /\.go:\d{1,7}(?::\d{1,5})?: .{1,1500}\((?:SA|S|ST|QF|U)\d{4}\)$/,
        weight: 3,
      },
      {
        phrases: [
          ' has arg ',
          'should have comment',
          'struct field tag',
          'unreachable code',
          'composite literal uses unkeyed',
          'passes lock by value',
          'copies lock value',
          'possible formatting directive',
          'call has arguments but no formatting directives',
          'non-constant format string in call',
          'cancel function returned by',
          'self-assignment of',
          'possible misuse of unsafe.pointer',
          'using the variable on range scope',
          'captured by func literal',
          'is unused (unused)',
        ],
        pattern: /\.go:\d{1,7}:\d{1,5}: /,
        weight: 2,
      },
    ],
  },
];
