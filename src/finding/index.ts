// The shared shape of "this is wrong, here is proof, here is the fix", and how it is written down.
export type { Evidence, FileEdit, Finding, Fix } from './finding.ts';
export { findingsAsGithub, findingsAsGitlab, findingsAsJunit } from './findings-for-systems.ts';
export { findingsAsSarif } from './findings-as-sarif.ts';
export { findingsAsJson, findingsAsText } from './render-findings.ts';
export { safeText } from './safe-text.ts';
export { toldCause } from './told-cause.ts';
