import fc from 'fast-check';
import {
  goVersions,
  numbers,
  pseudoVersions,
  realPaths,
  releases,
  semanticVersions,
} from './names.ts';
import { asRead, nearly, wild } from './texts.ts';

const paths = fc.oneof(
  { weight: 8, arbitrary: realPaths },
  {
    weight: 1,
    arbitrary: fc.constantFrom('"example.com/q"', '""', '`x.y/z`', '"a b"', "'q'", '"a\\x2eb/c"'),
  },
);
const modVersions = fc.oneof(
  { weight: 8, arbitrary: fc.oneof(semanticVersions, pseudoVersions) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'v1',
      'v1.2',
      'v2.0.0+incompatible',
      '"v1.0.0"',
      'master',
      '`v1.0.0`',
    ),
  },
);
const directories = fc.constantFrom(
  './x',
  '../y',
  '/abs',
  '.',
  'C:\\x',
  '.\\w',
  '"./a b"',
  'x/y',
  'x@v1.0.0',
  '"./日本"',
);
const comments = fc.constantFrom(
  '',
  '',
  '',
  '',
  ' // indirect',
  ' // indirect; why',
  ' //indirect',
  ' // x',
  '// joined',
  ' // Deprecated: no',
  ' //',
  ' // indirect // y',
  ' /* no */',
);

const directives: Readonly<Record<string, fc.Arbitrary<string>>> = {
  module: paths,
  go: fc.oneof(
    goVersions,
    fc.constantFrom('1.21', '1.20', '1.23.4', '1.22rc1', 'v1.20', '1.18x', '1'),
  ),
  toolchain: fc.constantFrom('go1.21.3', 'default', 'go1', 'go2', 'go1.22-x', 'local'),
  godebug: fc.constantFrom(
    'a=b',
    'a=c',
    'default=go1.21',
    'x',
    'x="y"',
    'b=',
    '=',
    'a=b=c',
    'a = b',
  ),
  require: fc.tuple(paths, modVersions).map((parts) => parts.join(' ')),
  exclude: fc.tuple(paths, modVersions).map((parts) => parts.join(' ')),
  replace: fc
    .tuple(
      paths,
      fc.oneof(fc.constant(''), modVersions),
      fc.oneof(
        directories,
        fc.tuple(paths, modVersions).map((parts) => parts.join(' ')),
      ),
    )
    .map(([path, version, target]) => `${path} ${version} => ${target}`),
  retract: fc.oneof(
    modVersions,
    fc.tuple(modVersions, modVersions).map(([low, high]) => `[${low}, ${high}]`),
    fc.constantFrom(
      '[',
      '[v1.0.0',
      '[v1.0.0,',
      '[v1.0.0,v1.1.0',
      '[v1.0.0 , v1.1.0 ] x',
      '(',
      '"v1 .0"',
    ),
  ),
  tool: paths,
  ignore: fc.constantFrom('./node_modules', 'static', '"a b"', 'x'),
  use: directories,
  unknown: fc.constantFrom('x', '(x)', '', '"a\\\nb"'),
};

const verbs = fc.constantFrom(
  ...Object.keys(directives),
  'require',
  'require',
  'replace',
  'exclude',
  'retract',
);
const gaps = fc.constantFrom(
  '',
  '',
  '',
  '\n',
  '// note\n',
  '// Deprecated: use y\n//\n// more\n',
  '\n\n',
  '// a\n\n// b\n',
  '\t',
);
const breaks = fc.constantFrom('\n', '\n', '\n', '\n', '\r\n');

function oneLine(verb: string): fc.Arbitrary<string> {
  return fc
    .tuple(gaps, directives[verb] ?? fc.constant(''), comments, breaks)
    .map(([gap, body, comment, end]) => `${gap}${verb} ${body}${comment}${end}`);
}

function block(verb: string): fc.Arbitrary<string> {
  const lines = fc.array(fc.tuple(gaps, directives[verb] ?? fc.constant(''), comments, breaks), {
    maxLength: 5,
  });
  return fc
    .tuple(gaps, comments, lines, gaps, comments)
    .map(([gap, opening, list, last, closing]) => {
      const body = list
        .map(([between, text, comment, end]) => `${between}\t${text}${comment}${end}`)
        .join('');
      return `${gap}${verb} (${opening}\n${body}${last})${closing}\n`;
    });
}

const statements = verbs.chain((verb) => fc.oneof(oneLine(verb), block(verb)));
const soundVerbs = [
  'require',
  'exclude',
  'replace',
  'retract',
  'godebug',
  'tool',
  'ignore',
] as const;

/** Directives that Go accepts, so that edits and formats have much to do. */
const sound: Readonly<Record<string, fc.Arbitrary<string>>> = {
  require: fc
    .tuple(fc.constantFrom('a.b/c', 'a.b/d', 'x.y/z', 'm.n/o/v2', 'p.q/r'), numbers)
    .map(([path, n]) => `${path} v${path.endsWith('v2') ? 2 : 1}.${n}.0`),
  exclude: fc
    .tuple(fc.constantFrom('a.b/c', 'a.b/d'), numbers, fc.constantFrom('', '-rc.1'))
    .map(([path, n, rest]) => `${path} v1.${n}.0${rest}`),
  replace: fc
    .tuple(
      fc.constantFrom('a.b/c', 'a.b/d v1.0.0', 'a.b/d'),
      fc.constantFrom('./x', '../y', 'n.e/w v1.2.3'),
    )
    .map((parts) => parts.join(' => ')),
  retract: fc.oneof(
    releases,
    fc.tuple(releases, releases).map(([low, high]) => `[${low}, ${high}]`),
  ),
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
  return fc.oneof(
    line.map(([gap, text, comment]) => `${gap}${verb} ${text}${comment}\n`),
    lines,
  );
});

export const soundModfiles: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('module a.b/m\n', '', '// Deprecated: x\nmodule a.b/m // y\n'),
    fc.constantFrom('', 'go 1.20\n', 'go 1.21.0\n\ntoolchain go1.22.1\n'),
    fc.array(soundStatements, { maxLength: 6 }),
  )
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
