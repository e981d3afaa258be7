// Planned failure: a synthetic origin and a bad stretch of network, for tests, benchmark and drills.
export { createHop } from './hop/index.ts';
export type { Hop, HopFault, HopRule } from './hop/index.ts';
export { createModuleGraph, createModuleMaker, createOrigin } from './origin/index.ts';
export type {
  Counts,
  DatabaseLie,
  Fault,
  FaultRule,
  ModuleGraph,
  ModuleSpecification,
  NetworkSettings,
  Origin,
  OriginSettings,
  RequestKind,
} from './origin/index.ts';
