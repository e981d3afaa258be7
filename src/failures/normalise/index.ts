// Takes off what build systems, terminals and loggers put around a tool's own line.
export { normaliseLine } from './normalise-line.ts';
export { createPrefixMemory } from './unknown-prefix.ts';
export type { NormalLine } from './normalise-line.ts';
export type { PrefixMemory } from './unknown-prefix.ts';
