// A bad stretch of network on loopback: one file for each fault of a TCP connection.
export { createHop } from './hop.ts';
export type { Hop, HopCounts, HopSettings } from './hop.ts';
export type { HopFault, HopRule } from './hop-rules.ts';
