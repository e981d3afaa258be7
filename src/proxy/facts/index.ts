// What the proxy remembers beside the tree: first sight of artifacts, and answers that can change.
export { createFacts } from './facts.ts';
export type { ArtifactSight, Facts, KnownAnswer } from './facts.ts';
export { createVerificationFacts } from './verification-facts.ts';
export type { PendingFact, VerificationFacts } from './verification-facts.ts';
export { restoreLostArtifacts } from './rebuild-artifacts.ts';
export { PROXY_MIGRATIONS } from './migrations.ts';
