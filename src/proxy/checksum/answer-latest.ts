import type { PinnedTree } from './pinned-tree.ts';
import {
  fill,
  hit,
  missing,
  TEXT,
  unbelievable,
  type FetchOwn,
  type RelayAnswer,
} from './relay-answer.ts';
import type { ReportFinding, SecurityFinding } from './security-findings.ts';
import { openTreeHead, type HeadResult, type VerifierKey } from './signed-note.ts';

export interface LatestAnswers {
  /** The pinned head, once there is one. */
  stored(): Promise<RelayAnswer | undefined>;
  /** The database's own head, which is then pinned. */
  fetch(): Promise<RelayAnswer>;
}

export interface LatestNeeds {
  readonly pinned: PinnedTree;
  readonly report: ReportFinding;
  readonly fetchResource: FetchOwn;
}

const TOO_LARGE: HeadResult = {
  ok: false,
  finding: 'checksum-answer-too-large',
  problem: 'its answer is larger than any tree head',
};

export function createLatestAnswers(
  needs: LatestNeeds,
  settings: { readonly name: string; readonly key: VerifierKey | undefined },
): LatestAnswers {
  const { pinned } = needs;
  const { name, key } = settings;

  function refuse(upstream: string, finding: SecurityFinding, problem: string): RelayAnswer {
    needs.report({ database: name, finding, resource: 'latest', upstream, problem });
    return unbelievable(upstream, `${name} cannot be believed: ${problem}`, finding);
  }

  async function fetch(): Promise<RelayAnswer> {
    let refusal: RelayAnswer | undefined;
    const fetched = await needs.fetchResource('latest', (bytes, upstream) => {
      const opened = bytes === 'too-large' ? TOO_LARGE : openTreeHead(bytes, key);
      if (opened.ok) return undefined;
      refusal ??= refuse(upstream, opened.finding, opened.problem);
      return opened.problem;
    });
    if (fetched.outcome !== 'found') {
      return refusal ?? missing(fetched);
    }
    const { bytes, upstream } = fetched;
    const opened = openTreeHead(bytes, key);
    if (!opened.ok) {
      return refuse(upstream, opened.finding, opened.problem);
    }
    // There is nothing to prove of an empty tree.
    if (opened.head.size > 0) {
      const adoption = await pinned.adopt(opened.head, undefined, { mayFetch: true });
      if (adoption.kind === 'unproven' && adoption.finding !== undefined) {
        return refuse(
          upstream,
          adoption.finding,
          'one of its tiles has not the length that it must have',
        );
      }
      if (adoption.kind === 'inconsistent') {
        const problem = 'its tiles do not hash to its tree head';
        return refuse(upstream, 'checksum-tiles-inconsistent', problem);
      }
      if (adoption.kind === 'forked') {
        const problem = 'its tree head does not continue the one pinned here';
        return refuse(upstream, 'checksum-tree-forked', problem);
      }
    }
    const head = await pinned.current();
    return fill(head?.note ?? bytes, TEXT, 'short');
  }

  return {
    stored: async () => {
      const head = await pinned.current();
      return head === undefined ? undefined : hit(head.note, TEXT, 'short');
    },
    fetch,
  };
}
