// What is wrong in go.mod, go.work and go.sum (K01 to K07), with the lines that would mend it.
export { fixManifests } from './fix-manifests.ts';
export { lintManifests } from './lint-manifests.ts';
export { manifestChecks } from './problem.ts';
export { askTidy } from './ask-tidy.ts';
export type { FixedManifests } from './fix-manifests.ts';
export type { ManifestReport, ManifestSettings } from './lint-manifests.ts';
