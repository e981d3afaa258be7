import type { Evidence, Finding } from '../finding/index.ts';
import { safeText } from '../finding/index.ts';
import { maskUrl } from '../masking/index.ts';
import { codes } from './codes.ts';
import type { DoctorNeeds } from './needs.ts';
import type { Patient } from './patient/index.ts';

/** One thing that is looked at, on its own and within its own time. */
export interface Probe {
  /** In kebab-case, for `--only` and the report. */
  readonly name: string;
  /** What it looks at, in a few words. */
  readonly about: string;
  /** When it is given up; what it has not found by then is not said. */
  readonly limitMilliseconds: number;
  /** Takes too long for every day. */
  readonly deepOnly?: boolean;
  /** Codes that it can tell. */
  readonly confirms: readonly string[];
  run(patient: Patient, needs: DoctorNeeds, signal: AbortSignal): Promise<ProbeResult>;
}

export interface ProbeResult {
  readonly observations: readonly Observation[];
  readonly findings: readonly ProbeFinding[];
}

/** What was seen, right or wrong, for people and for comparing two reports. */
export interface Observation {
  /** Whom it is about: `GOPROXY`, `https://proxy.example.com`. */
  readonly subject: string;
  readonly text: string;
  /** False where a finding says why. */
  readonly ok: boolean;
  /** Measured, so that it differs from run to run. */
  readonly milliseconds?: Readonly<Record<string, number>> | undefined;
}

export interface ProbeFinding extends Finding {
  /** A host or a place. A finding explains others of the same scope only; `machine` explains all. */
  readonly scope: string;
  /** Further scopes that it explains. */
  readonly covers?: readonly string[] | undefined;
}

export interface Problem {
  readonly scope: string;
  readonly covers?: readonly string[];
  readonly title: string;
  readonly explanation: string;
  readonly severity?: Finding['severity'];
  /** Below 1 where something else could look the same. */
  readonly confidence?: number;
  readonly evidence: readonly ProblemEvidence[];
  readonly fix: string;
  readonly command?: string | undefined;
  readonly dependsOn?: readonly string[];
}

export interface ProblemEvidence extends Evidence {
  /** By who knows what the text is: what looks like a password where none can be is then shown. */
  readonly isMasked?: boolean;
}

/** A finding with what is always so for its code. Nothing in it is secret, whatever a server wrote. */
export function finding(code: string, problem: Problem): ProbeFinding {
  const always = codes.get(code);
  return {
    code,
    scope: problem.scope,
    covers: problem.covers,
    title: clean(problem.title),
    explanation: clean(problem.explanation),
    severity: problem.severity ?? 'error',
    confidence: problem.confidence ?? 1,
    evidence: problem.evidence.map(({ isMasked, ...evidence }) => ({
      ...evidence,
      text: isMasked === true ? short(evidence.text) : clean(evidence.text),
      ...(evidence.source === undefined ? {} : { source: clean(evidence.source) }),
    })),
    fix: {
      // Addresses in advice are written to be typed: `ssh://git@host/` without its user is another one.
      text: short(problem.fix),
      ...(problem.command === undefined ? {} : { command: safeText(problem.command) }),
      edits: [],
    },
    owner: always?.owner,
    retry: always?.retry,
    dependsOn: problem.dependsOn ?? [],
    checked: 'yes',
  };
}

/** Longer texts of servers say nothing more. */
const TEXT_MAXIMUM = 600;

export function clean(text: string): string {
  return short(maskUrl(text));
}

function short(text: string): string {
  return safeText(text).slice(0, TEXT_MAXIMUM);
}
