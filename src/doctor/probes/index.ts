// One file for each probe, and the list of them.
export { probes } from './probes.ts';
