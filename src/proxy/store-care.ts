import type { ModuleFreshness, RefreshReport } from './module-freshness.ts';
import type { Upkeep, UpkeepReports } from './upkeep/index.ts';

/** What people can ask of a store, in this process or through the API of the one that serves it. */
export interface StoreCare extends Pick<Upkeep, 'stats' | 'verify' | 'collectGarbage' | 'purge'> {
  /** Asks upstreams anew for what is known of a module, and forgets its absences. */
  refresh(path: string): Promise<RefreshReport>;
}

/** What it answers: plain data, as it stands in JSON. */
export interface StoreReports extends UpkeepReports {
  readonly refresh: RefreshReport;
}

export function createStoreCare(upkeep: Upkeep, freshness: ModuleFreshness): StoreCare {
  const { stats, verify, collectGarbage, purge } = upkeep;
  return { stats, verify, collectGarbage, purge, refresh: freshness.refresh };
}
