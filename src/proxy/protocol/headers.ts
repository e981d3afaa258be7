import type { ArtifactKind } from './route.ts';

/** How the answer came about (interface.md, Answers). */
export type CacheOutcome = 'hit' | 'stale' | 'fill' | 'joined' | 'bypass';

/** Content-Type of each resource (Go module reference, "GOPROXY protocol"). */
export const CONTENT_TYPES: Readonly<Record<ArtifactKind | 'text', string>> = {
  info: 'application/json',
  mod: 'text/plain; charset=utf-8',
  zip: 'application/zip',
  text: 'text/plain; charset=utf-8',
};

/** `go` ignores these; CDNs, curl and other proxies do not (reference table 1.13). */
export const CACHE_CONTROL: Readonly<
  Record<'immutable' | 'privateImmutable' | 'short' | 'absent' | 'none', string>
> = {
  immutable: 'public, max-age=31536000, immutable',
  /** For this client only, as far as caches on the way are concerned. */
  privateImmutable: 'private, max-age=31536000, immutable',
  /** Lists, latest, branches: a minute, then our own children may use it for a day while we fail. */
  short: 'public, max-age=60, stale-if-error=86400',
  absent: 'public, max-age=60',
  none: 'no-store',
};
