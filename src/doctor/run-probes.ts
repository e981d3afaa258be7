import { isProgramError } from '../platform/index.ts';
import { layerNumber } from './codes.ts';
import type { DoctorNeeds } from './needs.ts';
import type { Patient } from './patient/index.ts';
import { clean } from './probe.ts';
import type { Observation, Probe, ProbeFinding } from './probe.ts';

export interface ProbeReport {
  readonly name: string;
  readonly about: string;
  /** `given-up`: its time was over, or it could not look. */
  readonly state: 'done' | 'given-up';
  readonly reason?: string | undefined;
  readonly milliseconds: number;
  readonly observations: readonly Observation[];
}

export interface Examination {
  readonly probes: readonly ProbeReport[];
  /** The basic ones first. */
  readonly findings: readonly ProbeFinding[];
  /** Those that follow from others. */
  readonly hidden: readonly ProbeFinding[];
}

export type OnProbe = (name: string, state: 'started' | 'ended') => void;

/** Runs them side by side, each within its own time. Rejects only for our own bugs and the signal. */
export async function runProbes(
  probes: readonly Probe[],
  patient: Patient,
  needs: DoctorNeeds,
  signal: AbortSignal,
  onProbe: OnProbe = () => undefined,
): Promise<Examination> {
  // In the order of the probes, not in that of their ends: two visits then read alike.
  const findings: (readonly ProbeFinding[])[] = [];
  const reports = await Promise.all(
    probes.map(async (probe, index) => {
      onProbe(probe.name, 'started');
      const { report, found } = await runProbe(probe, patient, needs, signal);
      onProbe(probe.name, 'ended');
      findings[index] = found;
      return report;
    }),
  );
  return { probes: reports, ...rank(findings.flat()) };
}

async function runProbe(
  probe: Probe,
  patient: Patient,
  needs: DoctorNeeds,
  signal: AbortSignal,
): Promise<{ readonly report: ProbeReport; readonly found: readonly ProbeFinding[] }> {
  const { name, about, limitMilliseconds } = probe;
  const began = needs.clock.monotonicMilliseconds();
  const milliseconds = Math.ceil(limitMilliseconds * patient.patience);
  const limit = needs.clock.deadline(milliseconds, signal);
  function report(rest: Pick<ProbeReport, 'state' | 'reason' | 'observations'>): ProbeReport {
    const spent = Math.round(needs.clock.monotonicMilliseconds() - began);
    return { name, about, milliseconds: spent, ...rest };
  }
  try {
    const result = await unlessAborted(probe.run(patient, needs, limit), limit);
    const observations = result.observations.map((one) => ({
      ...one,
      subject: clean(one.subject),
      text: clean(one.text),
    }));
    return { report: report({ state: 'done', observations }), found: result.findings };
  } catch (error) {
    signal.throwIfAborted();
    if (!limit.aborted && (!isProgramError(error) || error.kind === 'bug')) throw error;
    const reason = limit.aborted ? `no end after ${milliseconds} ms` : message(error);
    return { report: report({ state: 'given-up', reason, observations: [] }), found: [] };
  }
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : 'it failed';
}

/** Not every step underneath listens to the signal. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    function leave(): void {
      reject(signal.reason instanceof Error ? signal.reason : new Error('given up'));
    }
    signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', leave);
    });
  });
}

const SEVERITIES = ['error', 'warning', 'info'] as const;

/** Basic findings first, and those that follow from them apart. */
function rank(found: readonly ProbeFinding[]): Pick<Examination, 'findings' | 'hidden'> {
  const all = withoutRepetition(found.toSorted(basicFirst));
  const hidden = all.filter((finding) => all.some((other) => explains(other, finding)));
  const rest = all.filter((finding) => !hidden.includes(finding));
  return { findings: rest, hidden };
}

/** Two probes may find the same; the one that says it more severely is kept. */
function withoutRepetition(sorted: readonly ProbeFinding[]): readonly ProbeFinding[] {
  const first = new Map<string, ProbeFinding>();
  for (const finding of sorted) {
    const key = `${finding.code} ${finding.scope}`;
    if (!first.has(key)) first.set(key, finding);
  }
  return [...first.values()];
}

function explains(basic: ProbeFinding, other: ProbeFinding): boolean {
  return (
    basic !== other &&
    basic.severity === 'error' &&
    other.dependsOn.includes(basic.code) &&
    (basic.scope === 'machine' ||
      basic.scope === other.scope ||
      basic.covers?.includes(other.scope) === true) &&
    layerNumber(basic.code) <= layerNumber(other.code)
  );
}

function basicFirst(left: ProbeFinding, right: ProbeFinding): number {
  return (
    SEVERITIES.indexOf(left.severity) - SEVERITIES.indexOf(right.severity) ||
    layerNumber(left.code) - layerNumber(right.code)
  );
}
