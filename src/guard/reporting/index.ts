// What is told of a run: to people while it goes on, to its build system, and in files.
export { buildSystemNames, detectBuildSystem } from './build-system.ts';
export { createMasker } from './masker.ts';
export { startRunReporter } from './create-run-reporter.ts';
export type { BuildSystem, BuildSystemName } from './build-system.ts';
export type { Masker } from './masker.ts';
export type { ReportPlaces } from './report-files.ts';
export type { RunReporter, RunReporterSettings } from './create-run-reporter.ts';
