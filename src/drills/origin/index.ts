// A synthetic upstream on loopback: made-up modules, its own checksum database, latency, counters and faults.
export { createOrigin } from './origin.ts';
export type { NetworkSettings, Origin, OriginSettings } from './origin-settings.ts';
export { createModuleGraph } from './module-graph.ts';
export type { ModuleGraph } from './module-graph.ts';
export { createModuleMaker } from './synthetic-module.ts';
export type { ModuleSpecification } from './synthetic-module.ts';
export type { Fault, FaultRule } from './faults.ts';
export type { DatabaseLie } from './lying-database.ts';
export type { RequestKind } from './route.ts';
export type { Counts } from './counters.ts';
