import type { Logger, Meter } from '../../platform/index.ts';

/** What is refused for the sake of verification; docs/errors.md describes each. */
export type VerificationFinding =
  | 'checksum-database-contradicted'
  | 'go-sum-mismatch'
  | 'module-changed'
  | 'module-hash-mismatch'
  | 'pending-hash-mismatch'
  | 'stored-go-sum-mismatch'
  | 'stored-hash-mismatch'
  | 'verification-required';

export interface VerificationReport {
  readonly finding: VerificationFinding;
  readonly key: string;
  readonly upstream: string;
  readonly problem: string;
  readonly expected?: string;
  readonly got?: string;
  /** Who says what was expected. */
  readonly source?: string;
}

export interface VerificationReports {
  refused(report: VerificationReport): void;
  /** `database`, `first-seen`, `go.sum`, `nobody` or `pending`. */
  judged(by: string): void;
}

export function createVerificationReports(needs: {
  readonly logger: Logger;
  readonly meter: Meter;
}): VerificationReports {
  const failures = needs.meter.counter(
    'cofferdam_verification_failures_total',
    'Artifacts that were refused because they are not what they should be, by finding and upstream.',
    ['finding', 'upstream'],
  );
  const verified = needs.meter.counter(
    'cofferdam_verified_artifacts_total',
    'Artifacts that were judged before they were stored, by who vouched for them.',
    ['by'],
  );
  return {
    refused(report) {
      failures.with(report.finding, report.upstream).add();
      needs.logger.error('an artifact is not what it should be, and was refused', {
        ...report,
        security: report.finding !== 'verification-required',
      });
    },
    judged: (by) => verified.with(by).add(),
  };
}
