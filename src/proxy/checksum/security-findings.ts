import type { Counter, Logger, Meter } from '../../platform/index.ts';
import type { TreeHead } from './signed-note.ts';

/** What only a lying, broken or impersonated database does; docs/errors.md describes each. */
export type SecurityFinding =
  | 'checksum-answer-malformed'
  | 'checksum-answer-too-large'
  | 'checksum-key-unknown'
  | 'checksum-record-ambiguous'
  | 'checksum-record-foreign'
  | 'checksum-record-not-in-tree'
  | 'checksum-record-outside-tree'
  | 'checksum-signature-wrong'
  | 'checksum-tile-truncated'
  | 'checksum-tiles-inconsistent'
  | 'checksum-tree-forked';

export interface FindingReport {
  readonly database: string;
  readonly finding: SecurityFinding;
  readonly resource: string;
  readonly upstream?: string;
  readonly problem: string;
  /** The signed notes are the proof; they are public. */
  readonly heads?: readonly TreeHead[];
}

export type ReportFinding = (report: FindingReport) => void;

export function createFindingReporter(needs: {
  readonly logger: Logger;
  readonly meter?: Meter;
}): ReportFinding {
  const counter: Counter | undefined = needs.meter?.counter(
    'cofferdam_checksum_findings_total',
    'Answers of a checksum database that contradict its signature or its own earlier answers',
    ['database', 'finding'],
  );
  return ({ heads, ...report }) => {
    counter?.with(report.database, report.finding).add();
    needs.logger.error('a checksum database contradicts itself or its key', {
      ...report,
      security: true,
      heads: heads?.map((head) => head.note.toString('utf8')),
    });
  };
}
