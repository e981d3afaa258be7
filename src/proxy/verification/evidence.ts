import type { ArtifactSight } from '../facts/index.ts';
import type { SecurityFinding } from '../checksum/index.ts';
import type { BookAnswer } from './record-book.ts';

/** What is known of the hash that an artifact must have. */
export type Evidence =
  | { readonly kind: 'record'; readonly hash: string; readonly database: string }
  /** What was stored first under this name. */
  | {
      readonly kind: 'seen';
      readonly hash: string;
      readonly when: string;
      readonly from: string;
      /** A checksum database vouched for it once. */
      readonly isVerified: boolean;
    }
  /** Nobody can vouch for it, and this is its first sight. */
  | {
      readonly kind: 'new';
      readonly problem: string;
      readonly isExcluded: boolean;
      /** A database said that it has no record; else none may be asked. */
      readonly wasAsked: boolean;
    }
  /** No checksum database can be reached, and this is its first sight. */
  | { readonly kind: 'unknown'; readonly problem: string }
  /** A checksum database answered with what cannot be true, and this is its first sight. */
  | {
      readonly kind: 'contradicted';
      readonly finding: SecurityFinding;
      readonly problem: string;
    };

/** The database decides; without its word the first sight does. */
export function weigh(
  kind: 'mod' | 'zip',
  answer: BookAnswer | 'excluded',
  sight: ArtifactSight | undefined,
): Evidence {
  if (answer !== 'excluded' && answer.kind === 'record') {
    const { hashes, database = 'the checksum database' } = answer;
    return { kind: 'record', hash: hashes[kind], database };
  }
  if (sight?.h1 !== undefined) {
    const when = Temporal.Instant.fromEpochMilliseconds(sight.seenMilliseconds).toString();
    const { h1, upstream, isVerified } = sight;
    return { kind: 'seen', hash: h1, when, from: upstream, isVerified };
  }
  if (answer === 'excluded') {
    const problem = 'its path is excluded from checksum databases';
    return { kind: 'new', problem, isExcluded: true, wasAsked: false };
  }
  switch (answer.kind) {
    case 'absent': {
      const problem =
        answer.database === undefined
          ? 'no checksum database is configured'
          : `${answer.database} has no record of it`;
      return { kind: 'new', problem, isExcluded: false, wasAsked: answer.database !== undefined };
    }
    case 'contradicted': {
      const { finding, problem } = answer;
      return { kind: 'contradicted', finding, problem };
    }
    default:
      return { kind: 'unknown', problem: answer.problem };
  }
}
