import { hashGoMod } from '../gomod/sumfile/index.ts';
import type { Artifact } from './artifact.ts';
import { checkInfo, checkModStart } from './artifact-checks.ts';
import type { ReaderSource, ZipChecker } from '../module-zip/index.ts';

export interface Verdict {
  /** `entry-names`: only the names inside are wrong; the client's own message about it is better. */
  readonly verdict: 'good' | 'entry-names' | 'bad';
  readonly problem: string;
  readonly h1: string | undefined;
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
    return verdict.verdict === 'good'
      ? { verdict: 'good', problem: '', h1: verdict.h1 }
      : {
          verdict: verdict.verdict,
          problem: `sent a bad zip: ${verdict.problem}`,
          h1: verdict.verdict === 'entry-names' ? verdict.h1 : undefined,
        };
  }
  if (source.kind === 'reader') {
    // A go.mod too large to be checked whole: its start was checked before anything was sent.
    return { verdict: 'good', problem: '', h1: undefined };
  }
  const problem =
    artifact.kind === 'info'
      ? checkInfo(source.bytes, artifact.version)
      : checkModStart(source.bytes);
  const h1 = artifact.kind === 'mod' ? hashGoMod(source.bytes) : undefined;
  return problem === undefined
    ? { verdict: 'good', problem: '', h1 }
    : { verdict: 'bad', problem, h1: undefined };
}
