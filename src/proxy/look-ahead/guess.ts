import { checkModuleVersion, escapePath, escapeVersion } from '../../gomod/path/index.ts';
import { canonicalModuleVersion } from '../../gomod/version/index.ts';
import type { ArtifactKind } from '../protocol/index.ts';

/** A file of a module version that may be asked soon. */
export interface Guess {
  readonly key: string;
  readonly kind: ArtifactKind;
  readonly path: string;
  readonly version: string;
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

export function guessFile(base: string, kind: ArtifactKind, path: string, version: string): Guess {
  return { key: `${base}.${kind}`, kind, path, version };
}
