import { checkModuleVersion, escapePath, escapeVersion } from '../../gomod/path/index.ts';
import { canonicalModuleVersion } from '../../gomod/version/index.ts';
import type { ArtifactKind } from '../protocol/index.ts';

/** A file of a module version that was asked. */
export interface AskedFile {
  readonly key: string;
  readonly kind: ArtifactKind;
  readonly path: string;
  readonly version: string;
}

/** How likely it is depends on where the guess comes from, so each kind of guess has its own window. */
export type WindowName = ArtifactKind | 'prunedMod' | 'importedZip';

/** One that may be asked soon. */
export interface Guess extends AskedFile {
  readonly window: WindowName;
  /** Certainly not in the store. */
  readonly isNew: boolean;
}

/** As long as what a request may ask (route.ts). */
const MAXIMUM_KEY_LENGTH = 2048;

/** The escaped path of a module version, without the extension; undefined when nobody could ask it. */
export function baseOf(path: string, version: string): string | undefined {
  if (
    canonicalModuleVersion(version) !== version ||
    checkModuleVersion(path, version) !== undefined
  ) {
    return undefined;
  }
  const escapedPath = escapePath(path);
  const escapedVersion = escapeVersion(version);
  if (!escapedPath.ok || !escapedVersion.ok) {
    return undefined;
  }
  const base = `${escapedPath.value}/@v/${escapedVersion.value}`;
  return base.length < MAXIMUM_KEY_LENGTH - '.info'.length ? base : undefined;
}
