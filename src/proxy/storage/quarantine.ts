import type { Clock, Files, FileStatus, Random } from '../../platform/index.ts';

/** A stored artifact that is not what was stored. */
export interface Damage {
  readonly key: string;
  /** What is wrong with it, for people. */
  readonly problem: string;
  /** Where its bytes are kept for whoever wants to look; undefined when it could not be moved. */
  readonly keptAt: string | undefined;
}

export interface Quarantine {
  /**
   * Takes the artifact out of the tree, unless another file stands there by now: whoever reads an old
   * descriptor must not take away what has been repaired.
   */
  take(key: string, read: FileStatus, problem: string): Promise<void>;
}

export function createQuarantine(
  needs: {
    readonly files: Files;
    readonly clock: Pick<Clock, 'epochMilliseconds'>;
    readonly random: Random;
    readonly damaged: (damage: Damage) => void;
  },
  /** Without a directory damage is told and left where it is. */
  settings: { readonly tree: string; readonly directory: string | undefined },
): Quarantine {
  const { files, random } = needs;
  return {
    async take(key, read, problem) {
      const path = `${settings.tree}/${key}`;
      const now = await files.status(path);
      if (
        now === undefined ||
        now.size !== read.size ||
        now.modifiedMilliseconds !== read.modifiedMilliseconds
      ) {
        return;
      }
      if (settings.directory === undefined) {
        needs.damaged({ key, problem, keptAt: undefined });
        return;
      }
      // The time of the file is that of its writing, and must stay so; the sweep wants that of its removal.
      const seconds = Math.trunc(needs.clock.epochMilliseconds() / 1000);
      const place = `${settings.directory}/${key}.${seconds}-${random.bytes(6).toString('hex')}`;
      try {
        await files.rename(path, place);
        needs.damaged({ key, problem, keptAt: place });
      } catch {
        // On a disk that takes no change it stays; each read finds it damaged again.
        needs.damaged({ key, problem, keptAt: undefined });
      }
    },
  };
}
