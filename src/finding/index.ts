// The shared shape of "this is wrong, here is proof, here is the fix", and how it is written down.
export type { Evidence, Finding, Fix } from './finding.ts';
export { findingsAsJson, findingsAsText } from './render-findings.ts';
export { safeText } from './safe-text.ts';
