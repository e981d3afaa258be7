import assert from 'node:assert/strict';
import { test } from 'node:test';
import { functionsOf, type SourceFunction } from './functions.ts';
import { isTest, matching, text } from './sources.ts';

function every(): readonly (SourceFunction & { readonly path: string })[] {
  return matching('{src,scripts}/**/*.ts')
    .filter((path) => !isTest(path))
    .flatMap((path) => functionsOf(text(path)).map((one) => ({ ...one, path })));
}

test('functions are found with their own lines, whatever stands before them', () => {
  const source = `// é
/* comment */
import { x } from './x.ts';

export function outer(): void {
  x();
  const inner = (): void => {
    x();

    x();
  };
  inner();
}
export const disguised = (): number => 1;
export const data = { method() { return 1; }, call: [1].map((one) => one) };
`;
  const found = functionsOf(source);
  assert.deepEqual(
    found.map(({ name, line, ownLines, isTopLevelConstant }) => [
      name,
      line,
      ownLines,
      isTopLevelConstant,
    ]),
    [
      ['outer', 5, 5, false],
      ['inner', 7, 4, false],
      ['disguised', 14, 1, true],
      ['method', 15, 1, false],
      ['call', 15, 1, false],
    ],
  );
});

test('no function has more than 60 lines of its own', () => {
  const functions = every();
  assert.ok(functions.length > 500, `only ${functions.length} functions are seen`);
  const long = functions.filter((one) => one.ownLines > 60);
  assert.deepEqual(
    long.map((one) => `${one.path}:${one.line}: ${one.name} has ${one.ownLines} lines`),
    [],
  );
});

test('functions at the top of a file are declarations', () => {
  const constants = every().filter((one) => one.isTopLevelConstant);
  assert.deepEqual(
    constants.map((one) => `${one.path}:${one.line}: ${one.name}`),
    [],
  );
});
