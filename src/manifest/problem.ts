import type { Evidence, FileEdit, Finding } from '../finding/index.ts';
import { safeText } from '../finding/index.ts';

/** What each check is about. */
export const manifestChecks = {
  K01: 'a go or toolchain line that go cannot read',
  K02: 'the same requirement or directive twice',
  K03: 'a go.mod without a module path that can be, or without a go line',
  K04: 'lines that go refuses or would write otherwise',
  K05: 'the last resort: a go.mod without the lines that nobody can read',
  K06: 'sources that come from elsewhere than their path says',
  K07: 'a go.sum that does not say what the bytes must be',
} as const;

export type ManifestCode = keyof typeof manifestChecks;

/** One thing that is wrong with a go.mod, go.work or go.sum file, or worth knowing about it. */
export interface Problem {
  readonly code: ManifestCode;
  /** An error is what `go` refuses. */
  readonly severity: Finding['severity'];
  readonly title: string;
  readonly explanation: string;
  /** From 1; none for what concerns the whole file. */
  readonly line?: number | undefined;
  readonly text?: string | undefined;
  readonly hint: string;
  readonly command?: string | undefined;
  readonly edits?: readonly FileEdit[] | undefined;
  /** The edits take out what nobody can read, so a person must ask for them. */
  readonly isLastResort?: boolean | undefined;
  readonly dependsOn?: readonly ManifestCode[] | undefined;
}

/** Longer lines are cut where they are quoted. */
const LONGEST_QUOTE = 200;

export function asFinding(file: string, problem: Problem): Finding {
  const { code, severity, title, explanation, hint, command } = problem;
  return {
    code,
    title: safeText(title),
    explanation: safeText(explanation),
    severity,
    confidence: 1,
    evidence: [evidenceOf(file, problem)],
    fix: {
      text: safeText(hint),
      ...(command === undefined ? {} : { command: safeText(command) }),
      edits: (problem.edits ?? []).map((edit) => ({ ...edit, text: shownEdit(edit.text) })),
    },
    owner: 'developer',
    retry: 'permanent',
    dependsOn: problem.dependsOn ?? [],
    checked: 'yes',
  };
}

function evidenceOf(file: string, { line, text, title }: Problem): Evidence {
  const shown = safeText((text ?? title).trim());
  return {
    kind: 'file',
    text: shown.length > LONGEST_QUOTE ? `${shown.slice(0, LONGEST_QUOTE)}…` : shown,
    source: safeText(file),
    ...(line === undefined ? {} : { line }),
  };
}

/** Tabs are part of a line of go.mod. */
export function shownEdit(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      const indent = /^\t*/.exec(line)?.[0] ?? '';
      return indent + safeText(line.slice(indent.length));
    })
    .join('\n');
}
