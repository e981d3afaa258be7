// Relays checksum databases so that what was looked up once can be looked up again with no upstream.
export { createChecksumRelay } from './checksum-relay.ts';
export type { ChecksumRelay, ChecksumRelayNeeds, ChecksumRelaySettings } from './checksum-relay.ts';
export { proveCopy } from './prove-copy.ts';
export type { CopyVerdict } from './prove-copy.ts';
export { treeHeadProblem } from './tree-head-problem.ts';
export type { RecordAnswer } from './record-answer.ts';
export type { FetchedResource, Inspect, RelayAnswer } from './relay-answer.ts';
export type { SecurityFinding } from './security-findings.ts';
