// Large bodies that a process did not finish: noted while they arrive, kept when it ends, gone on with by the next one.
export { createPartials } from './partials.ts';
export type { PartialFill, Partials } from './partials.ts';
export { keepPartials, sweepPartials } from './keep-partials.ts';
