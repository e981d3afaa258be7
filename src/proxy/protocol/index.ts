// The GOPROXY protocol as the wire has it: paths, headers, ranges and error texts.
export { parseRoute } from './route.ts';
export type { ArtifactKind, Route } from './route.ts';
export { renderErrorText } from './error-text.ts';
export { hasChanged, isNotModified, selectRange } from './range.ts';
export type { Validators } from './range.ts';
export { CACHE_CONTROL, CONTENT_TYPES } from './headers.ts';
export type { CacheOutcome } from './headers.ts';
