// One file for each probe, and the list of them.
export { addressCodes, createAddressProbe } from './asked-address.ts';
export { probes } from './probes.ts';
