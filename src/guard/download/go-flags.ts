/** How the verbs of the go command that load packages read their flags (`go help build`, `go help testflag`). */
export type Verb = 'build' | 'install' | 'list' | 'run' | 'test' | 'vet';

export function isVerb(word: string): word is Verb {
  return VERBS.has(word);
}

/** What a flag is to whoever wants to know only which packages are loaded. */
export type FlagKind = 'switch' | 'value' | 'unknown';

export function flagKind(verb: Verb, name: string): FlagKind {
  const plain = verb === 'test' && name.startsWith('test.') ? name.slice('test.'.length) : name;
  if (BUILD_SWITCHES.has(plain) || OWN_SWITCHES[verb].has(plain)) return 'switch';
  if (BUILD_VALUES.has(plain) || OWN_VALUES[verb].has(plain)) return 'value';
  // An analyzer is switched by its name, and its settings have a dot in theirs.
  if (verb === 'vet' && /^[a-z]+$/u.test(name)) return 'switch';
  if (verb === 'vet' && /^[a-z]+\.[\w.-]+$/u.test(name)) return 'value';
  return 'unknown';
}

/** The flags that decide which packages are loaded, from where, and how the module cache is written. */
export function decidesPackages(name: string): boolean {
  return DECIDING.has(name);
}

const VERBS: ReadonlySet<string> = new Set(['build', 'install', 'list', 'run', 'test', 'vet']);

const DECIDING = new Set(
  'C asan compiler installsuffix mod modcacherw modfile msan overlay race tags'.split(' '),
);

const BUILD_SWITCHES = new Set(
  'a asan buildvcs cover json linkshared modcacherw msan n race trimpath v work x'.split(' '),
);

const BUILD_VALUES = new Set(
  (
    'C asmflags buildmode compiler covermode coverpkg debug-actiongraph debug-runtime-trace ' +
    'debug-trace gccgoflags gcflags installsuffix ldflags mod modfile o overlay p pgo pkgdir ' +
    'tags toolexec'
  ).split(' '),
);

const NONE: ReadonlySet<string> = new Set();

const OWN_SWITCHES: Readonly<Record<Verb, ReadonlySet<string>>> = {
  build: NONE,
  install: NONE,
  list: new Set('compiled deps e export find m retracted test u versions'.split(' ')),
  run: NONE,
  test: new Set('artifacts benchmem c failfast fullpath i short'.split(' ')),
  vet: NONE,
};

const OWN_VALUES: Readonly<Record<Verb, ReadonlySet<string>>> = {
  build: NONE,
  install: NONE,
  list: new Set(['f', 'reuse']),
  run: new Set(['exec']),
  test: new Set(
    (
      'bench benchtime blockprofile blockprofilerate count coverprofile cpu cpuprofile exec fuzz ' +
      'fuzzcachedir fuzzminimizetime fuzztime list memprofile memprofilerate mutexprofile ' +
      'mutexprofilefraction outputdir parallel run shuffle skip timeout trace vet'
    ).split(' '),
  ),
  vet: new Set(['c', 'vettool']),
};
