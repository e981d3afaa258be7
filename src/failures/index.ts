// Says why a Go build failed: the catalogue of causes, and the classifier that reads logs with it.
export { catalogue } from './catalogue/index.ts';
export { createDiagnoser } from './create-diagnosis.ts';
export { diagnosisFormats, explainFailure, renderDiagnosis } from './render/index.ts';
export type { Failure, FailureClass, Owner, Retry } from './catalogue/index.ts';
export type { Diagnosed, Diagnoser, Diagnosis } from './create-diagnosis.ts';
export type { DiagnosedLog, DiagnosisFormat } from './render/index.ts';
