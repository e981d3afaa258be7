import type { Files } from '../../platform/index.ts';

export interface Mount {
  readonly at: string;
  readonly kind: string;
  readonly options: readonly string[];
}

/** Nodes with many containers have thousands of mounts. */
const FILE_BYTES = 4 * 1024 * 1024;

/** What proc(5) says in mounts; nothing on other systems. */
export async function readMounts(files: Pick<Files, 'readWhole'>): Promise<readonly Mount[]> {
  const bytes = await files.readWhole('/proc/self/mounts', FILE_BYTES).catch(() => undefined);
  const lines = bytes?.toString('utf8').split('\n') ?? [];
  return lines.flatMap((line) => {
    const [, at, kind, options] = line.split(' ');
    if (at === undefined || kind === undefined || options === undefined) return [];
    // Spaces and the like are octal there.
    const path = at.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, 8)),
    );
    return [{ at: path, kind, options: options.split(',') }];
  });
}
