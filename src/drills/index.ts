// Planned failure: the synthetic origin that tests and the benchmark use, and later the drills.
export { createModuleGraph, createModuleMaker, createOrigin } from './origin/index.ts';
export type {
  Counts,
  Fault,
  FaultRule,
  ModuleGraph,
  ModuleSpecification,
  NetworkSettings,
  Origin,
  OriginSettings,
} from './origin/index.ts';
