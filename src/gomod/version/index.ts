// Versions: Go's semantic versions, pseudo-versions, and the versions of Go itself.
export {
  buildOf,
  canonicalVersion,
  compareVersions,
  isValidVersion,
  majorMinorOf,
  majorOf,
  prereleaseOf,
} from './semver.ts';
export {
  canonicalModuleVersion,
  isPseudoVersion,
  makePseudoVersion,
  pseudoVersionBase,
  pseudoVersionRevision,
  pseudoVersionTime,
} from './pseudo-version.ts';
export { compareGoVersions, goVersionOfToolchain, isValidGoVersion } from './go-version.ts';
export type { Parsed } from '../text/index.ts';
