import type { Statement } from '../../platform/index.ts';

/** What is remembered about one artifact when it is first stored. */
export interface ArtifactFact {
  readonly key: string;
  readonly path: string;
  readonly version: string;
  readonly kind: string;
  readonly size: number;
  readonly sha256: string;
  readonly h1: string | undefined;
  readonly upstream: string;
  /** Who vouched for it; `none` for what has no hash in go.sum. */
  readonly state: 'verified' | 'first-seen' | 'none';
}

/** For one transaction with others. */
export function storeArtifact(fact: ArtifactFact & { readonly seen: number }): Statement {
  return {
    // The first sight stays, unless a checksum database says that another hash is right. Two zips of
    // one hash can differ in their bytes: those of the file that is here are kept.
    sql: `INSERT INTO artifacts (key, path, version, kind, size, sha256, h1, upstream, state, first_seen_ms)
      VALUES (:key, :path, :version, :kind, :size, :sha256, :h1, :upstream, :state, :seen)
      ON CONFLICT (key) DO UPDATE SET
        size = excluded.size, sha256 = excluded.sha256, h1 = excluded.h1,
        upstream = CASE WHEN h1 IS excluded.h1 THEN upstream ELSE excluded.upstream END,
        first_seen_ms = CASE WHEN h1 IS excluded.h1 THEN first_seen_ms ELSE excluded.first_seen_ms END,
        state = CASE WHEN state = 'verified' THEN state ELSE excluded.state END`,
    parameters: {
      key: fact.key,
      path: fact.path,
      version: fact.version,
      kind: fact.kind,
      size: fact.size,
      sha256: fact.sha256,
      h1: fact.h1 ?? null,
      upstream: fact.upstream,
      state: fact.state,
      seen: fact.seen,
    },
  };
}

/** Undoes that, for one version of a module or for all. */
export function withdrawArtifacts({
  path,
  version,
}: {
  readonly path: string;
  readonly version?: string | undefined;
}): Statement {
  return version === undefined
    ? { sql: 'DELETE FROM artifacts WHERE path = :path', parameters: { path } }
    : {
        sql: 'DELETE FROM artifacts WHERE path = :path AND version = :version',
        parameters: { path, version },
      };
}
