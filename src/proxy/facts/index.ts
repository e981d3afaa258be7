// What the proxy remembers beside the tree: first sight of artifacts, and answers that can change.
export { createFacts } from './facts.ts';
export type { Facts, KnownAnswer } from './facts.ts';
export { PROXY_MIGRATIONS } from './migrations.ts';
