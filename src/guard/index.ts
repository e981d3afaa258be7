// Runs one command with a proxy engine of its own: the child's Go settings, signals, exit code and summary.
export { classifiedExitCodes } from './exit-codes.ts';
export { createGuard } from './guard.ts';
export type { LookAgain } from './confirmation.ts';
export type { Guard } from './guard.ts';
export type { ChildOptions, GuardNeeds, GuardOptions, GuardSettings } from './needs.ts';
export type { Engine, EngineRequest, EngineSummary } from './engine.ts';
export type { RunEvent } from './run-events.ts';
export type { RunSummary } from './run-summary.ts';
export type { Signals } from './stop-requests.ts';
export type { FailureReader, FailureReport } from './failure-reader.ts';
