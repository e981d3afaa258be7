import fc from 'fast-check';
import { decodeText, encodeText } from '../../src/gomod/text/index.ts';
import type { GeneratedEdit, GeneratedEntry } from './our-answers.ts';

// Inputs well mixed between valid, nearly valid and wild. `\udc80` to `\udcff` stand for bytes that are no UTF-8.

const NASTY = [
  ...['!', '/', '//', '.', '..', '-', '~', '~1', '+', '@', '%', ' ', '\t', '\n', '\r', '\r\n', '\v', '\f', '\u0000', '\u0007'],
  ...['\u001b', '\u007f', '\u0085', '\u00a0', '\u2028', '\u3000', '\ufeff', '\ufffd', '\u202e', '\u00ad', 'é', 'ß', 'ſ', 'K', 'İ'],
  ...['日本', '😀', '\u{10ffff}', '\u{1d7d8}', '\ud7ff', '\ue000', '\u088f', '\ua7cb', '\udc80', '\udcc3', '\udca9', '\udcff'],
  ...['"', "'", '`', '\\', '\\x', '\\n', '(', ')', '[', ']', '{', '}', ',', '=>', '//', '/*', '*', '?', ':', ';', '|', '<', '>', '&', '#'],
  ...['0', '1', '00', '9', '99999999999999999999', 'v', 'V', 'a', 'Z', 'con', 'NUL', 'lpt1', 'aux.x', '.git', '/v2', '/v1', '.v3', 'gopkg.in/'],
  ...['-unstable', '+incompatible', '-rc.1', '-0.', '-pre.0.', '20190101020304-abcdef123456', '.0.0', 'go1.', 'indirect', 'go.mod'],
];

/** As Go would see it: lone surrogates that together are a character become it. */
function asRead(text: string): string {
  return decodeText(encodeText(text));
}

const nasty = fc.constantFrom(...NASTY);
const wild = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'binary-ascii', maxLength: 20 }),
  fc.array(nasty, { maxLength: 6 }).map((pieces) => pieces.join('')),
);

interface Change {
  readonly at: number;
  readonly kind: number;
  readonly text: string;
}

function change(text: string, { at, kind, text: piece }: Change): string {
  const characters = [...text];
  const index = characters.length === 0 ? 0 : at % (characters.length + 1);
  if (kind === 0) characters.splice(index, 0, piece);
  if (kind === 1) characters.splice(index, 1);
  if (kind === 2) characters.splice(index, 1, piece);
  if (kind === 3) characters.splice(index, 3 + (at % 5));
  if (kind === 4) return text + piece;
  return characters.join('');
}

const changes = fc.record<Change>({ at: fc.nat(), kind: fc.nat(4), text: nasty });

export function nearly(valid: fc.Arbitrary<string>, most = 3): fc.Arbitrary<string> {
  return fc
    .tuple(valid, fc.array(changes, { minLength: 1, maxLength: most }))
    .map(([text, list]) => asRead(list.reduce(change, text)));
}

function mixed(valid: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 3, arbitrary: valid },
    { weight: 5, arbitrary: nearly(valid) },
    { weight: 1, arbitrary: wild.map(asRead) },
  );
}

const HOSTS = ['github.com', 'golang.org', 'gopkg.in', 'k8s.io', 'example.com', 'a.b', 'go.opentelemetry.io', 'x-y.example'];
const ELEMENTS = ['x', 'Azure', 'go-autorest', 'yaml', 'text', 'cmd', 'v2ray', 'a~b', 'A_b', 'com1x', 'vendor', 'sdk.v3', 'internal'];
const MAJORS = ['', '', '', '/v2', '/v3', '/v10', '.v1', '.v2', '.v3-unstable', '/v0', '/v1', '/v02'];

const realPaths = fc
  .tuple(
    fc.constantFrom(...HOSTS),
    fc.array(fc.constantFrom(...ELEMENTS), { maxLength: 3 }),
    fc.constantFrom(...MAJORS),
  )
  .map(([host, elements, major]) => [host, ...elements].join('/') + major);

function escaped(path: string): string {
  return path.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
}

export function modulePaths(known: readonly string[]): fc.Arbitrary<string> {
  const valid = known.length === 0 ? realPaths : fc.oneof(realPaths, fc.constantFrom(...known));
  return fc.oneof({ weight: 4, arbitrary: mixed(valid) }, { weight: 1, arbitrary: mixed(valid.map(escaped)) });
}

const numbers = fc.oneof(fc.nat(12), fc.nat(400), fc.constantFrom(0, 1, 2, 9, 99, 100));
const releases = fc.tuple(numbers, numbers, numbers).map((parts) => `v${parts.join('.')}`);
const prereleases = fc.constantFrom('', '', '-rc.1', '-RC2', '-alpha', '-alpha.1', '-0', '-0a', '-1.2', '-pre', '-x.7.z.92', '-01', '-beta.11');
const builds = fc.constantFrom('', '', '', '+incompatible', '+meta', '+01.x', '+', '+a..b');
const timestamps = fc.oneof(
  fc.constantFrom('20190101020304', '20200229235959', '20210229000000', '00010101000000', '20191301000000', '20190100000000'),
  fc.nat(99_999_999).chain((day) => fc.nat(999_999).map((time) => `${String(day).padStart(8, '0')}${String(time).padStart(6, '0')}`)),
);
const revisions = fc.constantFrom('abcdef123456', '000000000000', 'A1', 'x_y');
const pseudoVersions = fc
  .tuple(releases, fc.constantFrom('-', '-0.', '-pre.0.', '-rc.1.0.', '-0.0.'), timestamps, revisions, builds)
  .map(([release, separator, timestamp, revision, build]) => {
    const base = separator === '-' && timestamp.endsWith('4') ? release.replace(/\.\d+\.\d+$/, '.0.0') : release;
    return `${base}${separator}${timestamp}-${revision}${build}`;
  });
const semanticVersions = fc.tuple(releases, prereleases, builds).map((parts) => parts.join(''));
const goVersions = fc
  .tuple(fc.constantFrom('1', '1', '2', '0'), fc.constantFrom('', '.0', '.4', '.20', '.21', '.22'), fc.constantFrom('', '.0', '.3', 'rc1', 'beta2', 'alpha', 'rc', '-x'))
  .map((parts) => parts.join(''));
const validVersions = fc.oneof(
  { weight: 4, arbitrary: semanticVersions },
  { weight: 2, arbitrary: pseudoVersions },
  { weight: 1, arbitrary: goVersions },
  { weight: 1, arbitrary: fc.constantFrom('main', 'latest', 'feature', 'v1', 'v1.2', 'v2.0', 'release-1.0', 'none', '') },
);

export const versions: fc.Arbitrary<string> = mixed(validVersions);
export const canonicalVersions: fc.Arbitrary<string> = releases;

const globPieces = fc.constantFrom('*', '?', '[a-z]', '[^x]', '[', ']', '\\*', '\\', '[]a]', '[a-]', '**', '/', '.', 'a', 'x', ',', 'github.com', '*.example.com');
export const patterns: fc.Arbitrary<string> = fc.oneof(
  fc.array(globPieces, { maxLength: 8 }).map((pieces) => pieces.join('')),
  nearly(fc.constantFrom('*.corp.example,rsc.io/private', 'github.com/*/x', 'a.b/[^c-e]*/?'), 4),
  wild.map(asRead),
);

export const texts: fc.Arbitrary<string> = fc.oneof(
  wild,
  nearly(fc.constantFrom('plain', 'a\\tb\\x41\\u00e9\\U0001f600\\101', '\\xc3\\xa9\\xff', ' two  words ')),
).map(asRead);

const paths = fc.oneof({ weight: 8, arbitrary: realPaths }, { weight: 1, arbitrary: fc.constantFrom('"example.com/q"', '""', '`x.y/z`', '"a b"', "'q'", '"a\\x2eb/c"') });
const modVersions = fc.oneof(
  { weight: 8, arbitrary: fc.oneof(semanticVersions, pseudoVersions) },
  { weight: 2, arbitrary: fc.constantFrom('v1', 'v1.2', 'v2.0.0+incompatible', '"v1.0.0"', 'master', '`v1.0.0`') },
);
const directories = fc.constantFrom('./x', '../y', '/abs', '.', 'C:\\x', '.\\w', '"./a b"', 'x/y', 'x@v1.0.0', '"./日本"');
const comments = fc.constantFrom('', '', '', '', ' // indirect', ' // indirect; why', ' //indirect', ' // x', '// joined', ' // Deprecated: no', ' //', ' // indirect // y', ' /* no */');

const directives: Readonly<Record<string, fc.Arbitrary<string>>> = {
  module: paths,
  go: fc.oneof(goVersions, fc.constantFrom('1.21', '1.20', '1.23.4', '1.22rc1', 'v1.20', '1.18x', '1')),
  toolchain: fc.constantFrom('go1.21.3', 'default', 'go1', 'go2', 'go1.22-x', 'local'),
  godebug: fc.constantFrom('a=b', 'a=c', 'default=go1.21', 'x', 'x="y"', 'b=', '=', 'a=b=c', 'a = b'),
  require: fc.tuple(paths, modVersions).map((parts) => parts.join(' ')),
  exclude: fc.tuple(paths, modVersions).map((parts) => parts.join(' ')),
  replace: fc
    .tuple(paths, fc.oneof(fc.constant(''), modVersions), fc.oneof(directories, fc.tuple(paths, modVersions).map((parts) => parts.join(' '))))
    .map(([path, version, target]) => `${path} ${version} => ${target}`),
  retract: fc.oneof(
    modVersions,
    fc.tuple(modVersions, modVersions).map(([low, high]) => `[${low}, ${high}]`),
    fc.constantFrom('[', '[v1.0.0', '[v1.0.0,', '[v1.0.0,v1.1.0', '[v1.0.0 , v1.1.0 ] x', '(', '"v1 .0"'),
  ),
  tool: paths,
  ignore: fc.constantFrom('./node_modules', 'static', '"a b"', 'x'),
  use: directories,
  unknown: fc.constantFrom('x', '(x)', '', '"a\\\nb"'),
};

const verbs = fc.constantFrom(...Object.keys(directives), 'require', 'require', 'replace', 'exclude', 'retract');
const gaps = fc.constantFrom('', '', '', '\n', '// note\n', '// Deprecated: use y\n//\n// more\n', '\n\n', '// a\n\n// b\n', '\t');
const breaks = fc.constantFrom('\n', '\n', '\n', '\n', '\r\n');

const oneLine = (verb: string): fc.Arbitrary<string> => {
  return fc.tuple(gaps, directives[verb] ?? fc.constant(''), comments, breaks).map(([gap, body, comment, end]) => `${gap}${verb} ${body}${comment}${end}`);
};

const block = (verb: string): fc.Arbitrary<string> => {
  const lines = fc.array(fc.tuple(gaps, directives[verb] ?? fc.constant(''), comments, breaks), { maxLength: 5 });
  return fc.tuple(gaps, comments, lines, gaps, comments).map(([gap, opening, list, last, closing]) => {
    const body = list.map(([between, text, comment, end]) => `${between}\t${text}${comment}${end}`).join('');
    return `${gap}${verb} (${opening}\n${body}${last})${closing}\n`;
  });
};

const statements = verbs.chain((verb) => fc.oneof(oneLine(verb), block(verb)));
const soundVerbs = ['require', 'exclude', 'replace', 'retract', 'godebug', 'tool', 'ignore'] as const;

/** Directives that Go accepts, so that edits and formats have much to do. */
const sound: Readonly<Record<string, fc.Arbitrary<string>>> = {
  require: fc.tuple(fc.constantFrom('a.b/c', 'a.b/d', 'x.y/z', 'm.n/o/v2', 'p.q/r'), numbers).map(([path, n]) => `${path} v${path.endsWith('v2') ? 2 : 1}.${n}.0`),
  exclude: fc.tuple(fc.constantFrom('a.b/c', 'a.b/d'), numbers, fc.constantFrom('', '-rc.1')).map(([path, n, rest]) => `${path} v1.${n}.0${rest}`),
  replace: fc.tuple(fc.constantFrom('a.b/c', 'a.b/d v1.0.0', 'a.b/d'), fc.constantFrom('./x', '../y', 'n.e/w v1.2.3')).map((parts) => parts.join(' => ')),
  retract: fc.oneof(releases, fc.tuple(releases, releases).map(([low, high]) => `[${low}, ${high}]`)),
  godebug: fc.constantFrom('a=b', 'a=c', 'd=e'),
  tool: fc.constantFrom('a.b/c/cmd', 'x.y/z/tool', 'p.q/r'),
  ignore: fc.constantFrom('./n', 'static', 'x'),
};

const soundComments = fc.constantFrom('', '', '', ' // indirect', ' // indirect; kept', ' // why');
const soundGaps = fc.constantFrom('', '', '', '\n', '// note\n', '// a\n\n');

const soundStatements = fc.constantFrom(...soundVerbs).chain((verb) => {
  const line = fc.tuple(soundGaps, sound[verb] ?? fc.constant(''), soundComments);
  const lines = fc.array(line, { maxLength: 5 }).map((list) => {
    const body = list.map(([gap, text, comment]) => `${gap}\t${text}${comment}\n`).join('');
    return `${verb} (\n${body})\n`;
  });
  return fc.oneof(line.map(([gap, text, comment]) => `${gap}${verb} ${text}${comment}\n`), lines);
});

export const soundModfiles: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom('module a.b/m\n', '', '// Deprecated: x\nmodule a.b/m // y\n'), fc.constantFrom('', 'go 1.20\n', 'go 1.21.0\n\ntoolchain go1.22.1\n'), fc.array(soundStatements, { maxLength: 6 }))
  .map(([module, go, list]) => module + go + list.join(''));

export function modfiles(known: readonly string[]): fc.Arbitrary<string> {
  const generated = fc.array(statements, { maxLength: 6 }).map((list) => list.join(''));
  const real = known.length === 0 ? soundModfiles : fc.constantFrom(...known);
  return fc.oneof(
    { weight: 4, arbitrary: generated.map(asRead) },
    { weight: 2, arbitrary: nearly(generated) },
    { weight: 2, arbitrary: soundModfiles },
    { weight: 3, arbitrary: nearly(soundModfiles, 2) },
    { weight: 2, arbitrary: nearly(real, 4) },
    { weight: 1, arbitrary: wild.map(asRead) },
  );
}

const editPaths = fc.constantFrom('a.b/c', 'a.b/d', 'x.y/z', 'm.n/o/v2', 'new.one/x', 'a b');
const editVersions = fc.constantFrom('v1.0.0', 'v1.2.0', 'v2.0.0', 'v2.0.0+incompatible', 'v1.0.0-rc.1', 'v1', 'master');
const intervals = fc.oneof(
  editVersions.map((version) => ({ low: version, high: version })),
  fc.tuple(editVersions, editVersions).map(([low, high]) => ({ low, high })),
);
const withPath = <Kind extends string>(kind: Kind): fc.Arbitrary<{ kind: Kind; path: string }> => {
  return fc.record({ kind: fc.constant(kind), path: editPaths });
};
const withVersion = <Kind extends string>(kind: Kind): fc.Arbitrary<{ kind: Kind; path: string; version: string }> => {
  return fc.record({ kind: fc.constant(kind), path: editPaths, version: editVersions });
};
const oldOrNew = fc.record({ path: editPaths, version: fc.oneof(fc.constant(''), editVersions) });

const flagEdits: fc.Arbitrary<GeneratedEdit[]> = fc.array(
  fc.oneof<fc.Arbitrary<GeneratedEdit>[]>(
    withPath('module'),
    fc.record({ kind: fc.constant('go' as const), version: fc.constantFrom('1.20', '1.21', '1.23.0', 'x') }),
    fc.constantFrom({ kind: 'dropgo' as const }, { kind: 'droptoolchain' as const }),
    fc.record({ kind: fc.constant('toolchain' as const), name: fc.constantFrom('go1.23.1', 'default', 'x') }),
    fc.record({ kind: fc.constant('godebug' as const), key: fc.constantFrom('a', 'z'), value: fc.constantFrom('1', 'b') }),
    fc.record({ kind: fc.constant('dropgodebug' as const), key: fc.constantFrom('a', 'z') }),
    withVersion('require'),
    withPath('droprequire'),
    withVersion('exclude'),
    withVersion('dropexclude'),
    fc.record({ kind: fc.constant('replace' as const), old: oldOrNew, new: oldOrNew }),
    withVersion('dropreplace'),
    fc.record({ kind: fc.constant('retract' as const), interval: intervals, rationale: fc.constantFrom('', 'why', 'two\nlines') }),
    withPath('tool'),
    withPath('droptool'),
    withPath('ignore'),
    withPath('dropignore'),
  ),
  { maxLength: 4 },
);

const newRequirements = fc.uniqueArray(fc.record({ path: editPaths, version: editVersions, indirect: fc.boolean() }), {
  maxLength: 4,
  selector: ({ path }) => path,
});

/** x/mod's SetRequire fails on a file with dropped requirements, so it comes first or not at all. */
export const edits: fc.Arbitrary<GeneratedEdit[]> = fc.tuple(fc.option(newRequirements), flagEdits).map(([requirements, list]) => {
  return requirements === null ? list : [{ kind: 'setRequire' as const, requirements }, ...list];
});

const fileNames = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('go.mod', 'x.go', 'a/x.go', 'A/x.go', 'a/go.mod', 'a/b/c.go', 'LICENSE', 'vendor/x/y.go', 'vendor/modules.txt', 'p/vendor/q.go', 'p/vendor/q/r.go', '.hg_archival.txt', 'GO.MOD', 'a/Go.mod', 'İ', 'ı', 'K', 'k', 'Σ', 'ς', 'σ', 'ß', 'ẞ') },
  { weight: 3, arbitrary: nearly(fc.constantFrom('x.go', 'a/b.go', 'dir/', 'a/../b', './x', '/abs', 'a//b')) },
  { weight: 1, arbitrary: wild },
);
const sizes = fc.oneof({ weight: 8, arbitrary: fc.nat(5000) }, { weight: 1, arbitrary: fc.constantFrom(0, 16 * 1048576, 16 * 1048576 + 1, 500 * 1048576, 500 * 1048576 + 1, 300 * 1048576) });

export const zipEntries: fc.Arbitrary<GeneratedEntry[]> = fc.array(
  fc.record({
    name: fc
      .tuple(fc.oneof({ weight: 9, arbitrary: fc.constant('a.b/C@v1.0.0/') }, { weight: 1, arbitrary: fc.constantFrom('', 'a.b/c@v1.0.0/', '/') }), fc.oneof({ weight: 9, arbitrary: fileNames }, { weight: 1, arbitrary: fileNames.map((name) => `${name}/`) }))
      .map((parts) => asRead(parts.join(''))),
    content: fc.constant(''),
    size: sizes,
    mode: fc.constant('regular' as const),
  }),
  { maxLength: 8 },
);

export const sourceFiles: fc.Arbitrary<GeneratedEntry[]> = fc.array(
  fc.record({
    name: fileNames.map(asRead),
    content: fc.constantFrom('go 1.23', 'go 1.24', 'go 1.21', ''),
    size: sizes,
    mode: fc.constantFrom('regular' as const, 'regular' as const, 'regular' as const, 'directory' as const, 'symlink' as const, 'irregular' as const),
  }),
  { maxLength: 8 },
);

/** Names are unique, as in a zip that passed the other rules. */
export const hashedEntries: fc.Arbitrary<GeneratedEntry[]> = fc.uniqueArray(
  fc.record({ name: fc.oneof(fileNames, wild).map(asRead), content: texts, size: fc.constant(0), mode: fc.constant('regular' as const) }),
  { maxLength: 8, selector: ({ name }) => name },
);

export const times: fc.Arbitrary<string> = fc
  .integer({ min: 0, max: 4_000_000_000 })
  .map((seconds) => Temporal.Instant.fromEpochMilliseconds(seconds * 1000).toString());
