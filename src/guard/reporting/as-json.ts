import type { RunReport } from './run-report.ts';

/**
 * One JSON object and a newline. The command is left out: its arguments may hold secrets, and `tell` hides those
 * that stand elsewhere.
 */
export function asJson(report: RunReport, tell: (text: string) => string): string {
  const { summary, system, commandName, fingerprint, comparison, verdict, networkShut } = report;
  const { engine, confirmation, ...rest } = summary;
  const { name, project, job, stage, runner, image } = system;
  const all = {
    version: 1,
    ...rest,
    confirmation: confirmation ?? null,
    engine: engine ?? null,
    program: commandName,
    buildSystem: { name, project, job, stage, runner, image },
    fingerprint: fingerprint ?? null,
    comparison: comparison ?? null,
    verdict: verdict ?? null,
    networkShut: networkShut ?? null,
  };
  const text = JSON.stringify(all, (_, value: unknown) =>
    typeof value === 'string' ? tell(value) : value,
  );
  return `${text}\n`;
}
