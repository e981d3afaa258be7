import type { Clock, Files } from '../../platform/index.ts';

export interface KeptFile {
  readonly path: string;
  readonly size: number;
  readonly modifiedMilliseconds: number;
}

/** Every file below a directory. */
export async function* filesBelow(files: Files, directory: string): AsyncGenerator<KeptFile> {
  for (const { name, kind } of (await files.list(directory)) ?? []) {
    const path = `${directory}/${name}`;
    if (kind === 'directory') {
      yield* filesBelow(files, path);
    } else {
      const status = await files.status(path);
      if (status !== undefined) yield { path, ...status };
    }
  }
}

/**
 * Removes what has been kept for long enough. The time is that of the file and not of its removal from
 * the tree, which nothing records; what is old goes with the next look, and the log still has the finding.
 */
export async function sweepQuarantine(
  needs: { readonly files: Files; readonly clock: Clock },
  directory: string,
  keepMilliseconds: number,
): Promise<void> {
  const before = needs.clock.epochMilliseconds() - keepMilliseconds;
  for await (const { path, modifiedMilliseconds } of filesBelow(needs.files, directory)) {
    if (modifiedMilliseconds < before) await needs.files.remove(path);
  }
}
