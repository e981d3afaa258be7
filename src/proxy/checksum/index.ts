// Relays checksum databases so that what was looked up once can be looked up again with no upstream.
export { createChecksumRelay } from './checksum-relay.ts';
export type { ChecksumRelay, ChecksumRelayNeeds, ChecksumRelaySettings } from './checksum-relay.ts';
export type { FetchedResource, RelayAnswer } from './relay-answer.ts';
