import fc from 'fast-check';
import { asRead, mixed, nearly, wild } from './texts.ts';

const HOSTS = [
  'github.com',
  'golang.org',
  'gopkg.in',
  'k8s.io',
  'example.com',
  'a.b',
  'go.opentelemetry.io',
  'x-y.example',
];
const ELEMENTS = [
  'x',
  'Azure',
  'go-autorest',
  'yaml',
  'text',
  'cmd',
  'v2ray',
  'a~b',
  'A_b',
  'com1x',
  'vendor',
  'sdk.v3',
  'internal',
];
const MAJORS = [
  '',
  '',
  '',
  '/v2',
  '/v3',
  '/v10',
  '.v1',
  '.v2',
  '.v3-unstable',
  '/v0',
  '/v1',
  '/v02',
];

export const realPaths: fc.Arbitrary<string> = fc
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
  return fc.oneof(
    { weight: 4, arbitrary: mixed(valid) },
    { weight: 1, arbitrary: mixed(valid.map(escaped)) },
  );
}

export const numbers: fc.Arbitrary<number> = fc.oneof(
  fc.nat(12),
  fc.nat(400),
  fc.constantFrom(0, 1, 2, 9, 99, 100),
);
export const releases: fc.Arbitrary<string> = fc
  .tuple(numbers, numbers, numbers)
  .map((parts) => `v${parts.join('.')}`);
const prereleases = fc.constantFrom(
  '',
  '',
  '-rc.1',
  '-RC2',
  '-alpha',
  '-alpha.1',
  '-0',
  '-0a',
  '-1.2',
  '-pre',
  '-x.7.z.92',
  '-01',
  '-beta.11',
);
const builds = fc.constantFrom('', '', '', '+incompatible', '+meta', '+01.x', '+', '+a..b');
const timestamps = fc.oneof(
  fc.constantFrom(
    '20190101020304',
    '20200229235959',
    '20210229000000',
    '00010101000000',
    '20191301000000',
    '20190100000000',
  ),
  fc
    .nat(99_999_999)
    .chain((day) =>
      fc
        .nat(999_999)
        .map((time) => `${String(day).padStart(8, '0')}${String(time).padStart(6, '0')}`),
    ),
);
const revisions = fc.constantFrom('abcdef123456', '000000000000', 'A1', 'x_y');
export const pseudoVersions: fc.Arbitrary<string> = fc
  .tuple(
    releases,
    fc.constantFrom('-', '-0.', '-pre.0.', '-rc.1.0.', '-0.0.'),
    timestamps,
    revisions,
    builds,
  )
  .map(([release, separator, timestamp, revision, build]) => {
    const base =
      separator === '-' && timestamp.endsWith('4')
        ? release.replace(/\.\d+\.\d+$/, '.0.0')
        : release;
    return `${base}${separator}${timestamp}-${revision}${build}`;
  });
export const semanticVersions: fc.Arbitrary<string> = fc
  .tuple(releases, prereleases, builds)
  .map((parts) => parts.join(''));
export const goVersions: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('1', '1', '2', '0'),
    fc.constantFrom('', '.0', '.4', '.20', '.21', '.22'),
    fc.constantFrom('', '.0', '.3', 'rc1', 'beta2', 'alpha', 'rc', '-x'),
  )
  .map((parts) => parts.join(''));
const validVersions = fc.oneof(
  { weight: 4, arbitrary: semanticVersions },
  { weight: 2, arbitrary: pseudoVersions },
  { weight: 1, arbitrary: goVersions },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'main',
      'latest',
      'feature',
      'v1',
      'v1.2',
      'v2.0',
      'release-1.0',
      'none',
      '',
    ),
  },
);

export const versions: fc.Arbitrary<string> = mixed(validVersions);

const globPieces = fc.constantFrom(
  '*',
  '?',
  '[a-z]',
  '[^x]',
  '[',
  ']',
  '\\*',
  '\\',
  '[]a]',
  '[a-]',
  '**',
  '/',
  '.',
  'a',
  'x',
  ',',
  'github.com',
  '*.example.com',
);
export const patterns: fc.Arbitrary<string> = fc.oneof(
  fc.array(globPieces, { maxLength: 8 }).map((pieces) => pieces.join('')),
  nearly(fc.constantFrom('*.corp.example,rsc.io/private', 'github.com/*/x', 'a.b/[^c-e]*/?'), 4),
  wild.map(asRead),
);

export const times: fc.Arbitrary<string> = fc
  .integer({ min: 0, max: 4_000_000_000 })
  .map((seconds) => Temporal.Instant.fromEpochMilliseconds(seconds * 1000).toString());
