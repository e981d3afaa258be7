// What was found in logs, for people, programs and build systems.
export { explainFailure } from './explain-failure.ts';
export { diagnosisFormats, renderDiagnosis } from './render-diagnosis.ts';
export type { DiagnosedLog } from './diagnosed-log.ts';
export type { DiagnosisFormat } from './render-diagnosis.ts';
