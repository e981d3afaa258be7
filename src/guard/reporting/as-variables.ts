import { inSeconds, phaseTotals } from './run-report.ts';
import type { RunReport } from './run-report.ts';

/** Names and values for later jobs and steps: words, numbers and codes only, so that no reader has to quote. */
function variablesOf(report: RunReport): readonly (readonly [string, string])[] {
  const { summary, comparison, verdict, fingerprint } = report;
  const { engine } = summary;
  const found: (readonly [string, string | number | undefined])[] = [
    ['EXIT_CODE', summary.exitCode],
    ['DURATION_SECONDS', inSeconds(summary.durationMilliseconds)],
    ...phaseTotals(summary.phases).map(
      ({ name, milliseconds }) =>
        [`${name.toUpperCase()}_SECONDS`, inSeconds(milliseconds)] as const,
    ),
    ['MODULES', engine?.modules],
    ['SERVED_BYTES', engine?.bytesServed],
    ['FETCHED_BYTES', engine?.bytesFetched],
    ['UPSTREAM_REQUESTS', engine?.upstreamRequests],
    ['UPSTREAM_RETRIES', engine?.retries],
    ['UPSTREAM_FAILURES', engine?.failures],
    ['STALLS', summary.stalls.length],
    ['CAUSE', summary.diagnosis[0]?.code],
    ['RETRY', summary.diagnosis[0]?.retry],
    ['CONFIRMATION', summary.confirmation?.state],
    ['VERDICT', verdict?.cause],
    ['BASELINE_RUNS', comparison?.runs],
    ['FINGERPRINT', fingerprint?.id],
  ];
  return found.flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value).replaceAll(/[^\w.:/-]/g, '_')] as const],
  );
}

/** `NAME=value` lines, as GitLab's dotenv report and every shell read them. */
export function asDotenv(report: RunReport): string {
  return variablesOf(report)
    .map(([name, value]) => `COFFERDAM_RUN_${name}=${value}\n`)
    .join('');
}

/** For the file of GITHUB_OUTPUT: outputs of the step. */
export function asGithubOutput(report: RunReport): string {
  return variablesOf(report)
    .map(([name, value]) => `cofferdam-${name.toLowerCase().replaceAll('_', '-')}=${value}\n`)
    .join('');
}
