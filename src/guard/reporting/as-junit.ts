import { tellConfirmation } from '../confirmation.ts';
import { inSeconds, phaseTotals } from './run-report.ts';
import type { PhaseTotal, RunReport } from './run-report.ts';

/** One suite with a case for each phase: Jenkins, CircleCI and GitLab show them beside the tests. */
export function asJunit(report: RunReport, tell: (text: string) => string): string {
  const { summary, commandName } = report;
  const totals = phaseTotals(summary.phases).filter(({ name }) => name !== 'finish');
  const culprit = summary.exitCode === 0 ? undefined : totals.findLast(isBad);
  const cases = totals.map((total) => {
    const name = `${total.name}${total.name === 'command' ? `: ${commandName}` : ''}`;
    const head = `    <testcase classname="cofferdam.run" name="${xml(tell(name))}" time="${inSeconds(total.milliseconds)}"`;
    if (total.outcome === 'skipped') return `${head}><skipped/></testcase>\n`;
    return total === culprit ? `${head}>${failure(report, tell)}</testcase>\n` : `${head}/>\n`;
  });
  // Where no phase is to blame, as when the guard itself failed, the suite must not look well.
  if (summary.exitCode !== 0 && culprit === undefined) {
    cases.push(
      `    <testcase classname="cofferdam.run" name="run" time="0.000">${failure(report, tell)}</testcase>\n`,
    );
  }
  const failures = summary.exitCode === 0 ? 0 : 1;
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" time="${inSeconds(summary.durationMilliseconds)}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n  <testsuite name="cofferdam run" ${counts}>\n${cases.join('')}  </testsuite>\n</testsuites>\n`;
}

function isBad({ outcome }: PhaseTotal): boolean {
  return outcome !== 'done' && outcome !== 'skipped';
}

function failure({ summary, verdict }: RunReport, tell: (text: string) => string): string {
  const [root] = summary.diagnosis;
  const code = root?.code ?? `exit-${summary.exitCode}`;
  const message = root?.title ?? `ended with exit code ${summary.exitCode}`;
  const lines = [
    ...(root === undefined ? [] : [root.explanation]),
    ...(root?.evidence ?? []).map(({ text }) => text),
    summary.confirmation === undefined ? '' : tellConfirmation(summary.confirmation),
    root?.fix?.text ?? '',
    root?.fix?.command ?? '',
    ...summary.stalls.slice(0, 3).map(({ url }) => `nothing came from ${url}`),
    verdict === undefined ? '' : `${verdict.cause} (${verdict.confidence}): ${verdict.because}`,
  ].filter((line) => line !== '');
  return `<failure type="${xml(tell(code))}" message="${xml(tell(message))}">${xml(tell(lines.join('\n')))}</failure>`;
}

function xml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/[\uD800-\uDFFF\uFFFE\uFFFF\u0000-\u0008\u000B\u000C\u000E-\u001F]/gu, '?');
}
