import { findingsAsJson, findingsAsText } from '../../finding/index.ts';
import type { Finding } from '../../finding/index.ts';
import type { DoctorReport } from '../create-doctor.ts';
import type { Observation, ProbeFinding } from '../probe.ts';
import type { ProbeReport } from '../run-probes.ts';

export interface ReportText {
  /** Also what is right, and what follows from other findings. */
  readonly verbose: boolean;
  /** What shows a finding that no probe can see. */
  readonly proof?: string | undefined;
}

/** For people: what was seen, then what is wrong, the most basic first. */
export function reportAsText(report: DoctorReport, { verbose, proof }: ReportText): string {
  if (report.asked !== undefined && report.probes.length === 0) {
    return unconfirmable(report.asked, proof);
  }
  const { findings, hidden, probes } = report;
  const shown = verbose ? [...findings, ...hidden] : findings.filter(isWorthReading);
  const parts = [
    probes.map((probe) => probeAsText(probe, verbose)).join(''),
    findingsAsText(shown),
    conclusion(report, shown),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function isWorthReading({ severity }: Finding): boolean {
  return severity !== 'info';
}

function probeAsText(probe: ProbeReport, verbose: boolean): string {
  if (probe.state === 'given-up') {
    return `${probe.about}: not known, ${probe.reason ?? 'it was given up'}\n`;
  }
  const { observations } = probe;
  if (observations.length === 0) return '';
  const width = Math.max(...observations.map(({ subject }) => subject.length));
  const lines = observations.map((one) => observationAsText(one, width, verbose));
  return `${probe.about}\n${lines.join('')}`;
}

function observationAsText(
  { subject, text, ok, milliseconds }: Observation,
  width: number,
  verbose: boolean,
): string {
  const steps = Object.entries(milliseconds ?? {});
  const total = steps.filter(([step]) => verbose || step === 'total');
  const times = total.map(([step, spent]) =>
    step === 'total' ? `${spent} ms` : `${step} ${spent}`,
  );
  const behind = times.length === 0 ? '' : ` (${times.join(', ')})`;
  return `  ${ok ? 'ok' : '--'}  ${subject.padEnd(width)}  ${text}${behind}\n`;
}

function conclusion(
  { probes, findings, hidden, milliseconds, deep, asked, confirmed }: DoctorReport,
  shown: readonly Finding[],
): string {
  const seconds = (milliseconds / 1000).toFixed(1);
  const count = `${probes.length} probe${probes.length === 1 ? '' : 's'} in ${seconds} s`;
  const notes = findings.length + hidden.length - shown.length;
  const more = notes === 0 ? '' : `; --verbose shows ${notes} more`;
  if (asked !== undefined) {
    return `${asked} is ${confirmed === true ? '' : 'not '}confirmed, ${count}${more}\n`;
  }
  const wrong = findings.filter(isWorthReading).length;
  if (wrong > 0) return `${wrong} finding${wrong === 1 ? '' : 's'}, ${count}${more}\n`;
  return `nothing wrong was found, ${count}${more}${deep ? '' : '; --deep looks longer'}\n`;
}

/** What only the log, the code or a person can show. */
function unconfirmable(asked: string, proof: string | undefined): string {
  const what = proof === undefined ? '' : `what can: ${proof}\n`;
  return `no probe can confirm ${asked}\n${what}see docs/findings/${asked}.md\n`;
}

/** One line for programs, which `--compare` reads as well. */
export function reportAsJson(report: DoctorReport, proof?: string): string {
  const { probes, hidden, deep, milliseconds, goVersion, asked, confirmed } = report;
  return findingsAsJson(report.findings.map(withoutScope), {
    command: 'doctor',
    deep,
    milliseconds,
    goVersion: goVersion ?? null,
    ...(asked === undefined ? {} : { asked, confirmed }),
    ...(probes.length === 0 && proof !== undefined ? { proof } : {}),
    probes: probes.map(({ name, state, reason, milliseconds: spent, observations }) => ({
      name,
      state,
      reason: reason ?? null,
      milliseconds: spent,
      observations: observations.map((one) => ({ ...one, milliseconds: one.milliseconds ?? null })),
    })),
    hidden: hidden.map(({ code, title, severity }) => ({ code, title, severity })),
  });
}

/** How findings explain each other is already done. */
function withoutScope({ scope: _scope, covers: _covers, ...finding }: ProbeFinding): Finding {
  return finding;
}
