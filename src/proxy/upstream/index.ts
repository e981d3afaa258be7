// The ordered list of upstream proxies: its syntax, one question to one of them, the walk along it.
export { parseUpstreamList } from './upstream-list.ts';
export type { UpstreamList } from './upstream-list.ts';
export { adviseOn } from './advice.ts';
export { failed } from './answer.ts';
export type { Absent, Begun, Failed, Found, Rest } from './answer.ts';
export { reasonOfError } from './failure-reason.ts';
export { startProbes } from './probes.ts';
export { walkUpstreams } from './walk.ts';
export type { Accept, WalkAnswer } from './walk-answer.ts';
export type { WalkSettings } from './walk-settings.ts';
export type { AskNeeds } from './ask-upstream.ts';
export { createCredentials } from './credentials.ts';
export type { Credentials } from './credentials.ts';
