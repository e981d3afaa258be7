import type { Modfile } from '../gomod/modfile/index.ts';
import { canonicalModuleVersion, isValidVersion } from '../gomod/version/index.ts';
import type { Problem } from './problem.ts';
import { lineAt, type WorkingLine } from './working-lines.ts';

/**
 * A version such as `v1` or `v1.2`, which go.mod may not have: `go` reads it as a question to the network, in each command,
 * before anything else. `go mod edit` alone takes it for `v1.0.0`.
 */
export function shortVersion(line: string): string | undefined {
  const words = line.replace(/\/\/.*$/, '').split(/[\s,[\]"]+/);
  return words.find((word) => isValidVersion(word) && canonicalModuleVersion(word) !== word);
}

/** K04: versions that are not written in full. No fix, because only a source of modules knows which is meant. */
export function checkVersions(lines: readonly WorkingLine[], read: Modfile): readonly Problem[] {
  const found = [...read.require, ...read.exclude, ...read.replace, ...read.retract].map((item) =>
    lineAt(lines, item.line.start?.line ?? 0),
  );
  return [...new Set(found)].flatMap((line) => {
    const version = shortVersion(line?.text ?? '');
    if (line === undefined || version === undefined) return [];
    const path = read.require.find((item) => lineAt(lines, item.line.start?.line ?? 0) === line);
    return [
      {
        code: 'K04',
        severity: 'error',
        title: `the version ${version} is not written in full`,
        explanation:
          `go asks the network which version ${version} is, in each command. Without an answer it refuses the file, ` +
          'and with one it says "updates to go.mod needed".',
        line: line.number,
        text: line.original,
        hint: 'write the whole version; go get finds the newest that is meant',
        ...(path === undefined ? {} : { command: `go get ${path.module.path}@${version}` }),
      } as const,
    ];
  });
}
