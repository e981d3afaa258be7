import fc from 'fast-check';
import type { GeneratedEdit } from '../our-answers.ts';

const editPaths = fc.constantFrom('a.b/c', 'a.b/d', 'x.y/z', 'm.n/o/v2', 'new.one/x', 'a b');
const editVersions = fc.constantFrom(
  'v1.0.0',
  'v1.2.0',
  'v2.0.0',
  'v2.0.0+incompatible',
  'v1.0.0-rc.1',
  'v1',
  'master',
);
const intervals = fc.oneof(
  editVersions.map((version) => ({ low: version, high: version })),
  fc.tuple(editVersions, editVersions).map(([low, high]) => ({ low, high })),
);
function withPath<Kind extends string>(kind: Kind): fc.Arbitrary<{ kind: Kind; path: string }> {
  return fc.record({ kind: fc.constant(kind), path: editPaths });
}
function withVersion<Kind extends string>(
  kind: Kind,
): fc.Arbitrary<{ kind: Kind; path: string; version: string }> {
  return fc.record({ kind: fc.constant(kind), path: editPaths, version: editVersions });
}
const oldOrNew = fc.record({ path: editPaths, version: fc.oneof(fc.constant(''), editVersions) });

const flagEdits: fc.Arbitrary<GeneratedEdit[]> = fc.array(
  fc.oneof<fc.Arbitrary<GeneratedEdit>[]>(
    withPath('module'),
    fc.record({
      kind: fc.constant('go' as const),
      version: fc.constantFrom('1.20', '1.21', '1.23.0', 'x'),
    }),
    fc.constantFrom({ kind: 'dropgo' as const }, { kind: 'droptoolchain' as const }),
    fc.record({
      kind: fc.constant('toolchain' as const),
      name: fc.constantFrom('go1.23.1', 'default', 'x'),
    }),
    fc.record({
      kind: fc.constant('godebug' as const),
      key: fc.constantFrom('a', 'z'),
      value: fc.constantFrom('1', 'b'),
    }),
    fc.record({ kind: fc.constant('dropgodebug' as const), key: fc.constantFrom('a', 'z') }),
    withVersion('require'),
    withPath('droprequire'),
    withVersion('exclude'),
    withVersion('dropexclude'),
    fc.record({ kind: fc.constant('replace' as const), old: oldOrNew, new: oldOrNew }),
    withVersion('dropreplace'),
    fc.record({
      kind: fc.constant('retract' as const),
      interval: intervals,
      rationale: fc.constantFrom('', 'why', 'two\nlines'),
    }),
    withPath('tool'),
    withPath('droptool'),
    withPath('ignore'),
    withPath('dropignore'),
  ),
  { maxLength: 4 },
);

const newRequirements = fc.uniqueArray(
  fc.record({ path: editPaths, version: editVersions, indirect: fc.boolean() }),
  {
    maxLength: 4,
    selector: ({ path }) => path,
  },
);

/** x/mod's SetRequire fails on a file with dropped requirements, so it comes first or not at all. */
export const edits: fc.Arbitrary<GeneratedEdit[]> = fc
  .tuple(fc.option(newRequirements), flagEdits)
  .map(([requirements, list]) => {
    return requirements === null ? list : [{ kind: 'setRequire' as const, requirements }, ...list];
  });
