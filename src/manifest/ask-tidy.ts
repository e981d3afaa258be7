import { dirname } from 'node:path';
import { safeText } from '../finding/index.ts';
import type { Processes } from '../platform/index.ts';
import type { ManifestReport } from './lint-manifests.ts';
import { asFinding, shownEdit } from './problem.ts';

/** It may download what the module cache does not have. */
const LIMIT_MILLISECONDS = 300_000;
/** The difference of the largest go.sum files there are. */
const LARGEST_ANSWER = 16 * 1024 * 1024;

/** What `go mod tidy -diff` says of a go.mod, as a finding of its own; or why it could not say anything. */
export async function askTidy(
  { processes }: { readonly processes: Pick<Processes, 'run'> },
  environment: Readonly<Record<string, string>>,
  report: ManifestReport,
): Promise<ManifestReport> {
  const isSound = !report.findings.some(({ severity }) => severity === 'error');
  if (!report.path.endsWith('go.mod') || !isSound) return report;
  const answer = await processes.run(['go', 'mod', 'tidy', '-diff'], {
    directory: dirname(report.path),
    environment,
    timeoutMilliseconds: LIMIT_MILLISECONDS,
    maximumOutputBytes: LARGEST_ANSWER,
  });
  if (answer.code === 0) return report;
  const diff = shownEdit(answer.stdout.toString('utf8'));
  const isDifferent = answer.code === 1 && diff.startsWith('diff ');
  const finding = isDifferent ? untidy(report.file) : unknown(report.file, answer.stderr);
  return {
    ...report,
    findings: [...report.findings, finding],
    diff: isDifferent ? report.diff + diff : report.diff,
  };
}

type Finding = ManifestReport['findings'][number];

function untidy(file: string): Finding {
  return asFinding(file, {
    code: 'K04',
    severity: 'warning',
    title: 'go mod tidy would change go.mod or go.sum',
    explanation:
      'They do not fit what the code imports, so a build may stop or fetch what nobody needs.',
    hint: 'run it and commit both files',
    command: 'go mod tidy',
  });
}

function unknown(file: string, said: Buffer): Finding {
  const words = said.toString('utf8').trim().split('\n')[0] ?? '';
  const finding = asFinding(file, {
    code: 'K04',
    severity: 'info',
    title: 'whether go mod tidy would change something is not known',
    explanation: `go says: ${safeText(words).slice(0, 300)}`,
    hint: 'go 1.23 and later know -diff, and the modules must be in the cache or to be had',
    command: 'go mod tidy -diff',
  });
  return { ...finding, confidence: 0, checked: 'not-checked' };
}
