import type { Clock, Files } from '../../platform/index.ts';
import type { VerifyReport } from './verify-store.ts';

/** When the whole store was last read, and what was found. */
export interface ScrubRecord {
  read(): Promise<LastScrub | undefined>;
  write(report: VerifyReport): Promise<void>;
  isDue(everyMilliseconds: number): Promise<boolean>;
}

export interface LastScrub {
  readonly finishedMilliseconds: number;
  readonly artifacts: number;
  readonly bytes: number;
  readonly damaged: number;
  readonly repaired: number;
}

const MAXIMUM_BYTES = 4096;

export function createScrubRecord(
  needs: { readonly files: Files; readonly clock: Clock },
  settings: { readonly file: string; readonly scratch: string },
): ScrubRecord {
  async function read(): Promise<LastScrub | undefined> {
    const bytes = await needs.files.readWhole(settings.file, MAXIMUM_BYTES);
    const names = ['finishedMilliseconds', 'artifacts', 'bytes', 'damaged', 'repaired'] as const;
    const [finishedMilliseconds, artifacts, size, damaged, repaired] = names.map((name) => {
      const found = new RegExp(`"${name}":(\\d{1,15})`, 'u').exec(bytes?.toString() ?? '')?.[1];
      return found === undefined ? undefined : Number(found);
    });
    if (finishedMilliseconds === undefined) return undefined;
    return {
      finishedMilliseconds,
      artifacts: artifacts ?? 0,
      bytes: size ?? 0,
      damaged: damaged ?? 0,
      repaired: repaired ?? 0,
    };
  }

  return {
    read,
    async write({ artifacts, bytes, damaged, repaired }) {
      const last: LastScrub = {
        finishedMilliseconds: needs.clock.epochMilliseconds(),
        artifacts,
        bytes,
        damaged: damaged.length,
        repaired: repaired.length,
      };
      const text = Buffer.from(`${JSON.stringify(last)}\n`);
      await needs.files.writeAtomically(settings.file, text, settings.scratch);
    },
    async isDue(everyMilliseconds) {
      const last = await read();
      return (
        last === undefined ||
        needs.clock.epochMilliseconds() - last.finishedMilliseconds > everyMilliseconds
      );
    },
  };
}
