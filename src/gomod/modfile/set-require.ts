import { isMarkedIndirect, markIndirect } from './comments.ts';
import { addLine, removeLine } from './edit-syntax.ts';
import type { Modfile, RequireDirective } from './modfile.ts';
import { sortBlocks } from './sort-blocks.ts';
import { autoQuote } from './tokens.ts';

export interface Requirement {
  readonly path: string;
  readonly version: string;
  readonly indirect: boolean;
}

function setVersion(require: RequireDirective, version: string): void {
  const { line, module } = require;
  module.version = version;
  const index = line.inBlock ? 1 : 2;
  if (line.tokens.length <= index) return;
  line.tokens[index] = version;
  // A blank line above marked a group that the changed requirement may no longer belong to (golang.org/issue/33779).
  if (line.inBlock && line.before.length === 1 && line.before[0]?.text === '') line.before = [];
}

/**
 * Makes the file require exactly these modules. The first directive of a module keeps its place and its comments, other
 * ones go; new ones join the last block.
 */
export function setRequire(file: Modfile, requirements: readonly Requirement[]): void {
  const wanted = new Map(requirements.map((requirement) => [requirement.path, requirement]));
  const kept: RequireDirective[] = [];
  for (const require of file.require) {
    const requirement = wanted.get(require.module.path);
    if (requirement === undefined) {
      removeLine(require.line);
      continue;
    }
    wanted.delete(requirement.path);
    setVersion(require, requirement.version);
    require.indirect = requirement.indirect;
    markIndirect(require.line, requirement.indirect);
    kept.push(require);
  }
  for (const { path, version, indirect } of wanted.values()) {
    const line = addLine(file.syntax, 'with its kind', ['require', autoQuote(path), version]);
    markIndirect(line, indirect);
    kept.push({ module: { path, version }, indirect: isMarkedIndirect(line), line });
  }
  file.require = kept;
  sortBlocks(file);
}
