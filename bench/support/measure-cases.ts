import { runningChildren, stopAllBut } from './child.ts';
import type { Row } from './rows.ts';
import type { Setting } from './setting.ts';

export interface Case {
  readonly name: string;
  measure(setting: Setting): Promise<readonly Row[]>;
}

/** A case that ended without figures. */
export interface FailedCase {
  readonly case: string;
  readonly reason: string;
}

export interface Outcome {
  readonly rows: readonly Row[];
  readonly failed: readonly FailedCase[];
}

/** One after the other; one that fails leaves nothing running and spoils none of the others. */
export async function measureCases(cases: readonly Case[], setting: Setting): Promise<Outcome> {
  const rows: Row[] = [];
  const failed: FailedCase[] = [];
  for (const { name, measure } of cases) {
    const before = runningChildren();
    try {
      rows.push(...(await measure(setting)));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      failed.push({ case: name, reason });
      setting.say(`error: the case ${name} failed: ${reason}`);
      await stopAllBut(before);
      await calmOrigin(setting);
    }
  }
  return { rows, failed };
}

/** As the next case expects it. Where the origin itself has failed, that case says so. */
async function calmOrigin({ origin }: Setting): Promise<void> {
  try {
    await origin.setNetwork({});
    await origin.setFaults([]);
    await origin.reset();
  } catch {
    return;
  }
}
