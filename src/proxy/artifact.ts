import type { ArtifactKind } from './protocol/index.ts';

/** One file of one module version. */
export interface Artifact {
  readonly key: string;
  readonly kind: ArtifactKind;
  readonly path: string;
  readonly version: string;
  /** Matches the private patterns: never sent to a public upstream, never shared by caches. */
  readonly isPrivate: boolean;
}

/** For people. */
export function nameOfArtifact(artifact: Artifact): string {
  return `${artifact.path}@${artifact.version} (.${artifact.kind})`;
}
