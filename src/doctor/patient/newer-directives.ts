import type { Modfile } from '../../gomod/modfile/index.ts';
import type { DirectiveFact } from './patient.ts';

/**
 * The first line of each kind that came after Go 1.15, and the Go that brought it (release notes of 1.16, 1.21 and
 * 1.23 to 1.25). An older one stops at "unknown directive" in its own go.mod.
 */
export function newerDirectives(modfile: Modfile): readonly DirectiveFact[] {
  const { retract, toolchain, godebug, tool, ignore } = modfile;
  const kinds = [
    { name: 'retract', since: '1.16', first: retract[0] },
    { name: 'toolchain', since: '1.21', first: toolchain },
    { name: 'godebug', since: '1.23', first: godebug[0] },
    { name: 'tool', since: '1.24', first: tool[0] },
    { name: 'ignore', since: '1.25', first: ignore[0] },
  ];
  return kinds.flatMap(({ name, since, first }) =>
    first === undefined ? [] : [{ name, since, line: first.line.start?.line ?? 0 }],
  );
}
