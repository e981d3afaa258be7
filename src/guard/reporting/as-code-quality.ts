import { renderDiagnosis } from '../../failures/index.ts';
import type { RunReport } from './run-report.ts';

/** GitLab shows it beside the changed files; the one that every Go module has stands for the build. */
export function asCodeQuality({ summary }: RunReport): string {
  const findings = summary.diagnosis.map((finding) => ({
    ...finding,
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
