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

/** The seconds since the epoch that stand in the name of what was found damaged. */
const TAKEN = /\.(\d{9,11})-[0-9a-f]{12}$/u;

/** Removes what has been kept for long enough: since it was taken out of the tree, where its name says when. */
export async function sweepQuarantine(
  needs: { readonly files: Files; readonly clock: Clock },
  directory: string,
  keepMilliseconds: number,
): Promise<void> {
  const before = needs.clock.epochMilliseconds() - keepMilliseconds;
  for await (const { path, modifiedMilliseconds } of filesBelow(needs.files, directory)) {
    const seconds = TAKEN.exec(path)?.[1];
    const since = seconds === undefined ? modifiedMilliseconds : Number(seconds) * 1000;
    if (since < before) await needs.files.remove(path);
  }
}
