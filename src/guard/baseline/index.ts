// Good runs of the same work: what they took, how a run compares with them, and where to look when it failed.
export { compareRun } from './compare.ts';
export { readFingerprint } from './fingerprint.ts';
export { judge, tellStage } from './judge.ts';
export { createGoodRuns } from './good-runs.ts';
export type { ComparedRun, Comparison } from './compare.ts';
export type { Fingerprint } from './fingerprint.ts';
export type { GoodRun } from './good-run.ts';
export type { Verdict } from './judge.ts';
export type { GoodRuns } from './good-runs.ts';
