// What a worker process has of the engine: hits from a memory of its own, and the engine's answers kept there.
export { createFront } from './front.ts';
export type { Front, Place } from './front.ts';
export { KEEP_HEADER } from './kept-answer.ts';
export type { Exchange } from '../exchange.ts';
export type { Level } from '../health/index.ts';
export type { RequestRecord } from '../requests/index.ts';
