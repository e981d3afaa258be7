import type { Clock, Files } from '../../platform/index.ts';
import type { VerifyReport } from './verify-store.ts';

/** When the whole store was last read, and what was found. */
export interface ScrubRecord {
  read(): Promise<LastScrub | undefined>;
  write(report: VerifyReport): Promise<void>;
  isDue(everyMilliseconds: number): Promise<boolean>;
}

export interface LastScrub {
  /** RFC 3339. */
  readonly finished: string;
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
    return bytes === undefined ? undefined : parse(bytes.toString());
  }

  return {
    read,
    async write({ artifacts, bytes, damaged, repaired }) {
      const last: LastScrub = {
        finished: needs.clock.now().toString(),
        artifacts,
        bytes,
        damaged,
        repaired,
      };
      const text = Buffer.from(`${JSON.stringify(last)}\n`);
      await needs.files.writeAtomically(settings.file, text, settings.scratch);
    },
    async isDue(everyMilliseconds) {
      const last = await read();
      if (last === undefined) return true;
      const finished = Temporal.Instant.from(last.finished).epochMilliseconds;
      return needs.clock.epochMilliseconds() - finished > everyMilliseconds;
    },
  };
}

/** Undefined when somebody else wrote into it: then the store counts as never read. */
function parse(text: string): LastScrub | undefined {
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read !== 'object' || read === null) return undefined;
    const { finished, artifacts, bytes, damaged, repaired } = read as Record<string, unknown>;
    const counts = [artifacts, bytes, damaged, repaired].map(Number);
    if (typeof finished !== 'string' || !counts.every(Number.isSafeInteger)) return undefined;
    Temporal.Instant.from(finished);
    return read as LastScrub;
  } catch {
    return undefined;
  }
}
