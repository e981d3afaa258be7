import { hash1 } from '../gomod/sumfile/index.ts';
import type { GrowingFile } from '../platform/index.ts';
import type { Artifact } from './artifact.ts';
import type { CommitFacts } from './commit-facts.ts';
import { failed } from './upstream/index.ts';
import type { Failed } from './upstream/index.ts';
import type { ModuleVerification, Outlook, Refused } from './verification/index.ts';

export type ArtifactJudgement =
  | { readonly kind: 'accepted'; readonly state: CommitFacts['state'] }
  | { readonly kind: 'pending' }
  /** Served, and kept in no place that others share. */
  | { readonly kind: 'chosen' }
  | Refused;

/** The verification of one artifact, from the start of its fetch. */
export interface ArtifactVerification {
  readonly outlook: () => Promise<Outlook>;
  /** See Verification. */
  readonly isExpected: boolean;
  judge(h1: string | undefined, upstream: string): Promise<ArtifactJudgement>;
  keepPending(facts: Omit<CommitFacts, 'state'>, source: Uint8Array | GrowingFile): Promise<void>;
}

/** A `.info` has no hash: its Version is all that can be checked, and has been (interface.md). */
const UNHASHED: ArtifactVerification = {
  outlook: async () => ({ kind: 'decidable' }),
  isExpected: false,
  judge: async () => ({ kind: 'accepted', state: 'none' }),
  keepPending: async () => undefined,
};

export function verifyArtifact(
  verification: Pick<ModuleVerification, 'begin' | 'keepPending'>,
  { key, path, version, kind }: Artifact,
): ArtifactVerification {
  if (kind === 'info') {
    return UNHASHED;
  }
  const artifact = { key, path, version, kind };
  const begun = verification.begin(artifact);
  return {
    outlook: begun.outlook,
    isExpected: begun.isExpected,
    async judge(h1, upstream) {
      const judged = await begun.judge(h1, upstream);
      return judged.kind === 'verified' ? { kind: 'accepted', state: judged.state } : judged;
    },
    async keepPending({ h1 = '', ...facts }, source) {
      await verification.keepPending({ ...artifact, ...facts, h1 }, source);
    },
  };
}

/** Of a go.mod, from the SHA-256 of its bytes as hex (dirhash over that one name). */
export function modHash(sha256: string): string | undefined {
  const hash = hash1([{ name: 'go.mod', sha256 }]);
  return hash.ok ? hash.value : undefined;
}

/** What clients are told of it. */
export function failureOfRefusal(upstream: string, { problem, finding, because }: Refused): Failed {
  return {
    ...failed(upstream, { kind: 'invalid', reason: because ?? finding, message: problem }),
    finding,
  };
}
