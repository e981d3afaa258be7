// The go command's module cache on this machine: finds what is broken in it, and removes only that.
export { createModuleCache } from './module-cache.ts';
export { healAsJson, healAsText, verifyAsJson, verifyAsText } from './report.ts';
export { readModuleFilter } from './module-filter.ts';
export type { HealReport, ModuleCache, VerifyReport } from './module-cache.ts';
export type { ModuleCacheNeeds, ModuleCacheSettings } from './needs.ts';
export type { ModuleFilter } from './module-filter.ts';
