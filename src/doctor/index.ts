// Probes this machine, its network, its Go settings and its module proxies, and says what is wrong and why.
export { createDoctor } from './create-doctor.ts';
export { reportAsJson, reportAsText } from './report/index.ts';
export type { Doctor, DoctorOptions, DoctorReport } from './create-doctor.ts';
export type { DoctorNeeds } from './needs.ts';
export type { OnProbe } from './run-probes.ts';
