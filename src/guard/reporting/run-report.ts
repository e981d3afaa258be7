import { basename } from 'node:path';
import type { Comparison, Fingerprint, Verdict } from '../baseline/index.ts';
import type { RunPhase } from '../run-events.ts';
import type { RunSummary } from '../run-summary.ts';
import type { BuildSystem } from './build-system.ts';

/** All that is told of one run, whatever form it is told in. */
export interface RunReport {
  readonly summary: RunSummary;
  readonly system: BuildSystem;
  /** `go test`: without arguments, which may hold secrets. */
  readonly commandName: string;
  readonly fingerprint: Fingerprint | undefined;
  /** Undefined where nobody asked for one. */
  readonly comparison: Comparison | undefined;
  readonly verdict: Verdict | undefined;
  /** How the network was shut for the command; undefined where it was not. */
  readonly networkShut: string | undefined;
}

/** Tries of one phase together. */
export interface PhaseTotal {
  readonly name: RunPhase['name'];
  readonly attempts: number;
  readonly milliseconds: number;
  /** Of the last try. */
  readonly outcome: RunPhase['outcome'];
  readonly detail: string | undefined;
}

export function phaseTotals(phases: readonly RunPhase[]): readonly PhaseTotal[] {
  const totals = new Map<RunPhase['name'], PhaseTotal>();
  for (const { name, durationMilliseconds, outcome, detail } of phases) {
    const before = totals.get(name);
    totals.set(name, {
      name,
      attempts: (before?.attempts ?? 0) + 1,
      milliseconds: (before?.milliseconds ?? 0) + durationMilliseconds,
      outcome,
      detail,
    });
  }
  return [...totals.values()];
}

/** A word of `go` is one of its commands; of other programs it may be anything. */
export function nameOfCommand([program = '', verb = '']: readonly string[]): string {
  const name = basename(program);
  return name === 'go' && /^[a-z]{1,20}$/.test(verb) ? `go ${verb}` : name;
}

export function inSeconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}
