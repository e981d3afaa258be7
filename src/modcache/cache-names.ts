import { unescapePath, unescapeVersion } from '../gomod/path/index.ts';
import { isValidVersion } from '../gomod/version/index.ts';
import type { TreeKind } from '../platform/tree/index.ts';

// The layout of the module cache: https://go.dev/ref/mod#module-cache

/** What the go command keeps of one version in `cache/download/PATH/@v/`. */
export const fileKinds = ['info', 'mod', 'zip', 'ziphash', 'partial', 'lock'] as const;
export type FileKind = (typeof fileKinds)[number];

/** What lies in one `@v` directory, by version as it is escaped in names. */
export interface VersionFiles {
  /** As in names: capital letters as `!` and the small one. */
  readonly escaped: string;
  readonly version: string;
  readonly kinds: Map<FileKind, TreeKind>;
  /** Files that were never renamed to their final name. */
  readonly leftovers: string[];
}

const NAME = /^(v[^/]*)\.(info|mod|zip|ziphash|partial|lock)(\d{1,19}\.tmp)?$/;

/** Undefined for a name that is no file of a version. */
export function readFileName(
  name: string,
): { escaped: string; version: string; kind: FileKind; isLeftover: boolean } | undefined {
  const [, escaped = '', kind, rest] = NAME.exec(name) ?? [];
  const version = unescapeVersion(escaped);
  if (!version.ok || !isValidVersion(version.value)) return undefined;
  const known = fileKinds.find((one) => one === kind);
  if (known === undefined) return undefined;
  return { escaped, version: version.value, kind: known, isLeftover: rest !== undefined };
}

export interface ExtractedName {
  readonly path: string;
  readonly version: string;
  /** Of a go command older than 1.16, which unpacked beside the final place. */
  readonly isLeftover: boolean;
}

/** `github.com/!burnt!sushi/toml@v1.0.0`, relative to the cache. */
export function readExtractedName(relative: string): ExtractedName | undefined {
  const at = relative.lastIndexOf('@');
  const [, escaped = '', rest] = /^(.*?)(\.tmp-\d{1,19})?$/.exec(relative.slice(at + 1)) ?? [];
  const path = unescapePath(relative.slice(0, at));
  const version = unescapeVersion(escaped);
  if (at < 1 || !path.ok || !version.ok || !isValidVersion(version.value)) return undefined;
  return { path: path.value, version: version.value, isLeftover: rest !== undefined };
}
