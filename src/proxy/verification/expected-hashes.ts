import type { ModuleVersion } from './record-book.ts';

/** A hash that one client expects of an artifact, because its go.sum says so. */
export interface ExpectedHash extends ModuleVersion {
  readonly kind: 'mod' | 'zip';
  /** `h1:` and base64, as in go.sum. */
  readonly hash: string;
  /** Where it stands, for people: `go.sum:12`. */
  readonly place: string;
}

/** Undefined where nothing is expected. */
export type RecallExpected = (
  artifact: ModuleVersion & { readonly kind: 'mod' | 'zip' },
) => ExpectedHash | undefined;

/** Where two lines contradict each other the first counts: `go` gives up at the first that differs. */
export function createExpectedHashes(hashes: readonly ExpectedHash[]): RecallExpected {
  const known = new Map<string, ExpectedHash>();
  for (const one of hashes) {
    const key = keyOf(one);
    if (!known.has(key)) known.set(key, one);
  }
  return (artifact) => (known.size === 0 ? undefined : known.get(keyOf(artifact)));
}

/** No path and no version has a space in it. */
function keyOf({ kind, path, version }: Parameters<RecallExpected>[0]): string {
  return `${kind} ${path} ${version}`;
}
