import { hashGoMod } from '../gomod/sumfile/index.ts';
import type { Artifact } from './artifact.ts';
import { checkInfo, checkModStart } from './artifact-checks.ts';
import type { ContentProblem } from './artifact-checks.ts';
import type { ReaderSource, ZipChecker } from '../module-zip/index.ts';

/** `entry-names`: only the names inside are wrong; the client's own message about it is better. */
export type Verdict = SoundVerdict | BadVerdict;

export interface SoundVerdict {
  readonly verdict: 'good' | 'entry-names';
  readonly h1: string | undefined;
}

export interface BadVerdict extends ContentProblem {
  readonly verdict: 'bad';
}

export type ArtifactSource = { readonly kind: 'bytes'; readonly bytes: Buffer } | ReaderSource;

/** Judges what an upstream sent, before it is stored and before its last byte is sent. */
export async function checkArtifact(
  zips: ZipChecker,
  artifact: Artifact,
  source: ArtifactSource,
  signal: AbortSignal,
): Promise<Verdict> {
  if (artifact.kind === 'zip') {
    const { path, version } = artifact;
    const verdict = await zips.check({ path, version, source, signal });
    return verdict.verdict === 'bad'
      ? {
          verdict: 'bad',
          problem: `sent a bad zip: ${verdict.problem}`,
          reason: OF_FLAWS[verdict.flaw],
        }
      : { verdict: verdict.verdict, h1: verdict.h1 };
  }
  if (source.kind === 'reader') {
    // A go.mod too large to be checked whole: its start was checked before anything was sent.
    return { verdict: 'good', h1: undefined };
  }
  const wrong =
    artifact.kind === 'info'
      ? checkInfo(source.bytes, artifact.version)
      : checkModStart(source.bytes);
  if (wrong !== undefined) return { verdict: 'bad', ...wrong };
  return { verdict: 'good', h1: artifact.kind === 'mod' ? hashGoMod(source.bytes) : undefined };
}

const OF_FLAWS = {
  malformed: 'zip-malformed',
  damaged: 'zip-damaged',
  foreign: 'zip-of-other-files',
  'too-large': 'content-too-large',
} as const;
