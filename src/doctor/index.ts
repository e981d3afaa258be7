// Probes this machine, its network, its Go settings and its module proxies, and says what is wrong and why.
export { codes } from './codes.ts';
export { createDoctor } from './create-doctor.ts';
export { probes } from './probes/index.ts';
export {
  compareReports,
  comparisonAsJson,
  comparisonAsText,
  readReport,
  reportAsJson,
  reportAsText,
} from './report/index.ts';
export type { Doctor, DoctorOptions, DoctorReport } from './create-doctor.ts';
export type { Confirmation } from './confirm-now.ts';
export type { DoctorNeeds } from './needs.ts';
export type { OnProbe } from './run-probes.ts';
export type { Suspicion } from './suspicion.ts';
