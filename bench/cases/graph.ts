import { createModuleGraph } from '../../src/drills/index.ts';
import type { ModuleGraph } from '../../src/drills/index.ts';

/** The graph of Done-when 9: 300 modules, depth 6, median zip 30 kB; the host makes the names new. */
export function createBenchGraph(host: string): ModuleGraph {
  return createModuleGraph({ modules: 300, depth: 6, medianZipBytes: 30_000, seed: 'bench', host });
}
