// What the probes look at, read once: Go settings and their origins, go.mod, resolvers, servers, CI files.
export { gatherPatient } from './gather-patient.ts';
export { settingNames } from './read-go.ts';
export type { PatientOptions } from './gather-patient.ts';
export type { Patient, ResolverFacts, Sample, SampleModule, Target } from './patient.ts';
