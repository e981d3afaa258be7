import { renderDiagnosis } from '../../failures/index.ts';
import { tellConfirmation } from '../confirmation.ts';
import type { RunReport } from './run-report.ts';

/** GitLab shows it beside the changed files; the one that every Go module has stands for the build. */
export function asCodeQuality({ summary }: RunReport): string {
  const { confirmation } = summary;
  const seen = confirmation === undefined ? '' : ` ${tellConfirmation(confirmation)}`;
  const findings = summary.diagnosis.map((finding, index) => ({
    ...finding,
    explanation: finding.explanation + (index === 0 ? seen : ''),
    evidence: finding.evidence.map(({ kind, text }) => ({ kind, text })),
  }));
  const about = {
    outcome: findings.length > 0 ? ('diagnosed' as const) : ('no-failure' as const),
    failedAtLine: undefined,
    goVersion: undefined,
    clippedAtLine: undefined,
    lines: 0,
    bytes: 0,
  };
  return renderDiagnosis([{ source: 'go.mod', findings, ...about }], 'gitlab');
}
