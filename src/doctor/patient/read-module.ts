import { join } from 'node:path';
import { parseModfile } from '../../gomod/modfile/index.ts';
import type { Files } from '../../platform/index.ts';
import { newerDirectives } from './newer-directives.ts';
import type { ModuleFacts, ModuleProblem } from './patient.ts';

/** The largest in use have some hundred kilobytes. */
const FILE_BYTES = 16 * 1024 * 1024;

export type ReadModule =
  | { readonly kind: 'none' }
  | { readonly kind: 'module'; readonly module: ModuleFacts }
  | { readonly kind: 'problem'; readonly problem: ModuleProblem };

/** The go.mod file that `go` says it uses, or else the one in the directory. */
export async function readModule(
  files: Pick<Files, 'readWhole'>,
  directory: string,
  reported: string | undefined,
): Promise<ReadModule> {
  const file = reported?.endsWith('.mod') === true ? reported : join(directory, 'go.mod');
  const bytes = await files.readWhole(file, FILE_BYTES).catch(() => undefined);
  if (bytes === undefined) return { kind: 'none' };
  const text = bytes.toString('utf8');
  const conflict = text.split('\n').findIndex((line) => /^(?:<{7}|>{7}) /.test(line));
  if (conflict !== -1) {
    const problem = { file, text: 'a merge conflict is left in it', line: conflict + 1 };
    return { kind: 'problem', problem: { ...problem, isConflict: true } };
  }
  const parsed = parseModfile('go.mod', text);
  if (!parsed.ok) {
    const [first] = parsed.problems;
    return {
      kind: 'problem',
      problem: {
        file,
        text: first?.message ?? parsed.problem,
        line: first?.line,
        isConflict: false,
      },
    };
  }
  const { module, go, toolchain, require, replace } = parsed.value;
  // What is replaced is fetched under another name, or not at all.
  const replaced = new Set(replace.map((line) => line.old.path));
  return {
    kind: 'module',
    module: {
      file,
      path: module?.path ?? '',
      goLine: go?.version,
      toolchainLine: toolchain?.name,
      newerDirectives: newerDirectives(parsed.value),
      requires: require
        .map((line) => ({ path: line.module.path, version: line.module.version }))
        .filter(({ path }) => !replaced.has(path)),
    },
  };
}
