import { goServices } from '../go-services.ts';
import { safeText } from '../finding/index.ts';
import { explainList } from './explain-list.ts';
import { originOf, valueOf } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';

/** One setting, with what it does in plain words. */
export interface SettingExplanation {
  readonly name: string;
  /** Secrets hidden; empty when nothing is set. */
  readonly value: string;
  readonly origin: string;
  readonly meaning: readonly string[];
}

type Explain = (value: string, around: Surroundings) => readonly string[];

const explanations: Readonly<Record<string, Explain>> = {
  GOPROXY: (value) => explainList(value),
  GOSUMDB: explainDatabase,
  GOPRIVATE: (value) =>
    patterns(
      value,
      'are private: GONOPROXY and GONOSUMDB have them unless they are set themselves',
    ),
  GONOPROXY: (value) =>
    patterns(value, 'are fetched from where they live with git, never through a module proxy'),
  GONOSUMDB: (value) =>
    patterns(value, 'are never looked up in the checksum database; go.sum still protects them'),
  GOINSECURE: (value) =>
    patterns(value, 'may be fetched directly over http and past a wrong certificate'),
  GOVCS: (value) => [
    value === ''
      ? 'Modules that are fetched directly may use git or Mercurial when public, any version control when private.'
      : 'Version control that may be used for modules that are fetched directly, by pattern.',
  ],
  GOAUTH: (value) => [
    value === 'off'
      ? 'go sends no credentials.'
      : value === '' || value === 'netrc'
        ? 'go takes credentials for https servers from the .netrc file.'
        : 'go takes credentials for https servers from these commands, in this order.',
  ],
  GOFLAGS: explainFlags,
  GOTOOLCHAIN: explainToolchain,
  GO111MODULE: (value) => [
    value === 'off'
      ? 'go reads no go.mod file and looks for packages in GOPATH.'
      : 'go works with modules.',
  ],
  GOWORK: (value) => [
    value === '' || value === 'off'
      ? 'No workspace: only one main module counts.'
      : 'The modules of this workspace are built together, and their go.sum files count together.',
  ],
  GOMOD: (value) => [
    value === '' || value === '/dev/null'
      ? 'There is no go.mod here: only commands that name a version work.'
      : 'The main module is the one of this file.',
  ],
  GOMODCACHE: () => [
    'Modules that were fetched lie here; "cofferdam modcache verify" says whether they are sound.',
  ],
  GOCACHE: () => ['What was compiled lies here; removing it costs time and nothing else.'],
  GOENV: (value) => [
    value === 'off'
      ? '"go env -w" has no file; only the environment and defaults count.'
      : '"go env -w" writes to this file; the environment is stronger.',
  ],
};

/** Those that can be explained, in the order in which they matter. */
export const explainedNames: readonly string[] = Object.keys(explanations);

/** Undefined for a variable that is not known here. */
export function explainSetting(around: Surroundings, name: string): SettingExplanation | undefined {
  const explain = explanations[name];
  if (explain === undefined) return undefined;
  const value = valueOf(around, name);
  return {
    name,
    value: safeText(value),
    origin: originOf(around, name),
    meaning: explain(value, around).map(safeText),
  };
}

function patterns(value: string, what: string): readonly string[] {
  const list = value.split(',').filter((pattern) => pattern !== '');
  if (list.length === 0) return ['No module is named.'];
  return [`Modules whose path begins with ${list.join(' or ')} ${what}.`];
}

function explainDatabase(value: string): readonly string[] {
  const { name: known, alias } = goServices.checksumDatabase;
  const [name = '', url] = value.trim().split(/\s+/);
  if (name === 'off') {
    return [
      'No checksum database is asked: what go.sum does not list is believed as it comes.',
      'go refuses to download toolchains.',
    ];
  }
  const database = name === '' ? known : (name.split('+')[0] ?? name);
  const first = `What go.sum does not list is looked up in the checksum database ${database}, and go refuses what differs.`;
  if (url !== undefined) return [first, `It is asked at ${url} itself, past every module proxy.`];
  const isKnown = database === known || database === alias.name;
  return [
    first,
    isKnown
      ? 'It is asked through the first module proxy that offers it, else itself.'
      : 'It is asked through the first module proxy that offers it, else under its own name; its key is the one given here.',
  ];
}

function explainFlags(value: string): readonly string[] {
  if (value === '') return ['No flag is added to go commands.'];
  const notes = ['Each of these is added to every go command that knows it.'];
  if (/(?:^|\s)-mod=vendor\b/.test(value)) {
    notes.push('-mod=vendor: only the vendor directory is used; nothing is downloaded.');
  }
  if (/(?:^|\s)-mod=mod\b/.test(value)) {
    notes.push('-mod=mod: go may change go.mod and go.sum, and look up what is missing.');
  }
  if (/(?:^|\s)-modcacherw\b/.test(value)) {
    notes.push(
      '-modcacherw: the module cache is not write-protected, so it can be edited by mistake.',
    );
  }
  return notes;
}

function explainToolchain(value: string, { settings, goMod }: Surroundings): readonly string[] {
  const local = settings.version ?? 'the local go';
  const wanted = goMod?.toolchain ?? (goMod?.go === undefined ? undefined : `go${goMod.go}`);
  const said =
    goMod === undefined || wanted === undefined
      ? []
      : [
          `${goMod.file} asks for ${wanted} (${goMod.toolchain === undefined ? 'go' : 'toolchain'} line).`,
        ];
  if (value === 'local') {
    return [`Only ${local} is used, and go stops where a go.mod asks for a newer one.`, ...said];
  }
  if (value === 'path' || value.endsWith('+path')) {
    return ['A newer toolchain is taken from PATH and never downloaded.', ...said];
  }
  if (value === '' || value === 'auto' || value.endsWith('+auto')) {
    return [
      'Where a go.mod asks for a newer Go than this one, go downloads it as a module from GOPROXY and runs that.',
      ...said,
    ];
  }
  return [`${value} is used whatever go.mod says; go downloads it if it is not here.`, ...said];
}
