// Looks after the store: last uses, budget, scrub, purges. In the background of serve, and when asked.
export { createUpkeep } from './upkeep.ts';
export type { Inspection, Upkeep, UpkeepNeeds, UpkeepReports } from './upkeep.ts';
export { createLastUses, upkeepMigration } from './last-uses.ts';
export type { LastUses } from './last-uses.ts';
export { createGrowth } from './growth.ts';
export type { Growth } from './growth.ts';
export { createReaders } from './readers.ts';
export type { Readers } from './readers.ts';
export { createTombstones } from './tombstones.ts';
export type { Tombstone, Tombstones } from './tombstones.ts';
export { UPKEEP_LIMITS } from './upkeep-limits.ts';
