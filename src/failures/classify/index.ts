// From statements to one root cause, its consequences and what trying again would bring.
export { conclude } from './conclude.ts';
export { createCandidateCollector } from './candidates.ts';
export { createPhraseIndex } from './phrase-index.ts';
export type { DiagnosisSettings, Verdict } from './conclude.ts';
export type { PhraseIndex } from './phrase-index.ts';
