import fc from 'fast-check';
import {
  MAX_GO_MOD_SIZE,
  MAX_LICENSE_SIZE,
  MAX_ZIP_SIZE,
} from '../../../src/gomod/zipfile/index.ts';
import type { GeneratedEntry } from '../our-answers.ts';
import { asRead, nearly, texts, wild } from './texts.ts';

const fileNames = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      'go.mod',
      'x.go',
      'a/x.go',
      'A/x.go',
      'a/go.mod',
      'a/b/c.go',
      'LICENSE',
      'vendor/x/y.go',
      'vendor/modules.txt',
      'p/vendor/q.go',
      'p/vendor/q/r.go',
      '.hg_archival.txt',
      'GO.MOD',
      'a/Go.mod',
      'İ',
      'ı',
      'K',
      'k',
      'Σ',
      'ς',
      'σ',
      'ß',
      'ẞ',
    ),
  },
  {
    weight: 3,
    arbitrary: nearly(fc.constantFrom('x.go', 'a/b.go', 'dir/', 'a/../b', './x', '/abs', 'a//b')),
  },
  { weight: 1, arbitrary: wild },
);
const sizes = fc.oneof(
  { weight: 8, arbitrary: fc.nat(5000) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      0,
      MAX_GO_MOD_SIZE,
      MAX_GO_MOD_SIZE + 1,
      MAX_ZIP_SIZE,
      MAX_ZIP_SIZE + 1,
      MAX_LICENSE_SIZE * 20,
    ),
  },
);

export const zipEntries: fc.Arbitrary<GeneratedEntry[]> = fc.array(
  fc.record({
    name: fc
      .tuple(
        fc.oneof(
          { weight: 9, arbitrary: fc.constant('a.b/C@v1.0.0/') },
          { weight: 1, arbitrary: fc.constantFrom('', 'a.b/c@v1.0.0/', '/') },
        ),
        fc.oneof(
          { weight: 9, arbitrary: fileNames },
          { weight: 1, arbitrary: fileNames.map((name) => `${name}/`) },
        ),
      )
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
    mode: fc.constantFrom(
      'regular' as const,
      'regular' as const,
      'regular' as const,
      'directory' as const,
      'symlink' as const,
      'irregular' as const,
    ),
  }),
  { maxLength: 8 },
);

/** Names are unique, as in a zip that passed the other rules. */
export const hashedEntries: fc.Arbitrary<GeneratedEntry[]> = fc.uniqueArray(
  fc.record({
    name: fc.oneof(fileNames, wild).map(asRead),
    content: texts,
    size: fc.constant(0),
    mode: fc.constant('regular' as const),
  }),
  { maxLength: 8, selector: ({ name }) => name },
);

const sumLines = fc
  .tuple(
    fc.constantFrom('a.b/c', 'a.b/C', 'x.y/z', '日.本/é', 'a.b/\udcff'),
    fc.constantFrom('v1.0.0', 'v1.10.0', 'v1.9.0', 'v1.0.0-rc.1', 'v2.0.0+incompatible'),
    fc.constantFrom('', '/go.mod'),
    fc.constantFrom('h1:A=', 'h1:B=', 'h2:A='),
    fc.constantFrom('\n', '\n', '\n\n', ' extra\n', '\r\n', '\u00a0\n', ''),
  )
  .map(([path, version, file, hash, end]) => `${path} ${version}${file} ${hash}${end}`);

export const sumfiles: fc.Arbitrary<string> = fc
  .array(sumLines, { maxLength: 10 })
  .map((lines) => asRead(lines.join('')));
