import type { Evidence, Finding } from '../../finding/index.ts';
import type { DiagnosedLog } from './diagnosed-log.ts';

/** Not of the catalogue, which has causes. */
const UNKNOWN = 'unknown-failure';

/**
 * What a report for programs has of a log. A failure without a known cause is a finding there as well:
 * a report with nothing in it says that all is well.
 */
export function reported(log: DiagnosedLog): readonly Finding[] {
  return log.outcome === 'unknown-failure' && log.findings.length === 0
    ? [unknown(log)]
    : log.findings;
}

function unknown({ source, failedAtLine }: DiagnosedLog): Finding {
  const where = failedAtLine === undefined ? source : `${source} at line ${failedAtLine}`;
  return {
    code: UNKNOWN,
    title: 'a failure whose cause is not known',
    explanation: `Something failed in ${where}, and it is none of the causes that cofferdam knows.`,
    severity: 'error',
    confidence: 0,
    evidence:
      failedAtLine === undefined ? [] : [{ kind: 'log', text: '', source, line: failedAtLine }],
    fix: { text: 'read the log from there on', edits: [] },
    dependsOn: [],
    checked: 'not-checked',
  };
}

/** Only what stands in a log has a line; of an unknown failure it is all there is. */
export function proofLine({ line, text }: Evidence): string {
  if (line === undefined) return text;
  return text === '' ? `line ${line}` : `line ${line}: ${text}`;
}
