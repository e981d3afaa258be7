import { isRefusedOnPurpose } from './exclusions.ts';
import { namesWith, type ScriptStatus, type TestOutput } from './go-test-output.ts';

/** What one run of the scripts found. */
export interface Run {
  readonly relay: TestOutput;
  readonly cofferdam: TestOutput;
  /** Scripts that failed through the relay without an exclusion, played again on the fixture itself. */
  readonly direct: TestOutput | undefined;
  readonly relayRequests: number;
  /** Set when the server under test ended by itself. */
  readonly serverDied: number | string | undefined;
}

export interface Expectation {
  /** Script name to the reason why a proxy with legal paths only cannot pass it, or must not. */
  readonly exclusions: ReadonlyMap<string, string>;
  readonly selected: readonly string[];
  readonly minimumPassing: number;
  /** Whether this is the whole selection, so that counts mean something. */
  readonly whole: boolean;
}

export interface Difference {
  readonly kind:
    | 'fails'
    | 'stale-exclusion'
    | 'needless-exclusion'
    | 'relay-too-strict'
    | 'cut-off'
    | 'too-few'
    | 'unused-relay'
    | 'server-died';
  /** Script name, or what the difference is about. */
  readonly name: string;
  readonly text: string;
}

export interface Judgement {
  readonly passed: readonly string[];
  readonly differences: readonly Difference[];
  /** True but no fault of Cofferdam's, for example a script that fails on the fixture as well. */
  readonly notes: readonly string[];
}

/** What passes through a relay that only forwards must pass through Cofferdam; exclusions must be needed and true. */
export function judge(run: Run, expectation: Expectation): Judgement {
  const { relay, cofferdam, direct } = run;
  const { exclusions } = expectation;
  const due = namesWith(relay, 'pass').filter((name) => !exclusions.has(name));
  const passed = due.filter((name) => cofferdam.scripts.get(name) === 'pass');
  const differences: Difference[] = [
    ...runFaults(run, expectation, due.length),
    ...due
      .filter((name) => cofferdam.scripts.get(name) !== 'pass')
      .map((name) => ({
        kind: 'fails' as const,
        name,
        text: `passes through the strict relay, ${outcome(cofferdam.scripts.get(name))} through Cofferdam`,
      })),
  ];
  const notes: string[] = [];
  for (const [name, reason] of exclusions) {
    if (!expectation.selected.includes(name)) {
      if (expectation.whole) notes.push(`${name}: excluded, but this Go has no such script`);
    } else if (relay.scripts.get(name) === 'pass' && !isRefusedOnPurpose(reason)) {
      const text =
        'is excluded, but passes through the strict relay: it needs no path of the fixture';
      differences.push({ kind: 'needless-exclusion', name, text });
    } else if (cofferdam.scripts.get(name) === 'pass') {
      const text = 'is excluded, but passes through Cofferdam: take it off the list';
      differences.push({ kind: 'stale-exclusion', name, text });
    }
  }
  for (const name of namesWith(relay, 'fail')) {
    if (exclusions.has(name)) continue;
    if (direct?.scripts.get(name) === 'pass') {
      const text = 'passes on the fixture, fails through the strict relay, and has no exclusion';
      differences.push({ kind: 'relay-too-strict', name, text });
    } else {
      notes.push(`${name}: fails without any proxy between as well (this Go or this machine)`);
    }
  }
  return { passed, differences, notes };
}

/** Names whose failure through the relay nobody has explained yet. */
export function unexplainedFailures(
  relay: TestOutput,
  exclusions: ReadonlyMap<string, string>,
): readonly string[] {
  return namesWith(relay, 'fail').filter((name) => !exclusions.has(name));
}

function runFaults(run: Run, expectation: Expectation, due: number): readonly Difference[] {
  const faults: Difference[] = [];
  for (const [name, output] of [
    ['relay', run.relay],
    ['Cofferdam', run.cofferdam],
  ] as const) {
    if (output.complete && output.unfinished.length === 0) continue;
    const open = output.unfinished.slice(0, 5).join(', ');
    const text = `the test program ended before its scripts did${open === '' ? '' : ` (unfinished: ${open})`}`;
    faults.push({ kind: 'cut-off', name: `run through ${name}`, text });
  }
  if (run.serverDied !== undefined) {
    faults.push({
      kind: 'server-died',
      name: 'Cofferdam',
      text: `ended by itself during the run (${run.serverDied})`,
    });
  }
  if (due < expectation.minimumPassing) {
    const text = `${due} scripts pass through the strict relay, at least ${expectation.minimumPassing} are needed: a check that sees nothing must not pass`;
    faults.push({ kind: 'too-few', name: 'selection', text });
  }
  if (expectation.whole && run.relayRequests < due) {
    const text = `only ${run.relayRequests} requests went through the relay: the scripts do not use the proxy they are given`;
    faults.push({ kind: 'unused-relay', name: 'selection', text });
  }
  return faults;
}

function outcome(status: ScriptStatus | undefined): string {
  switch (status) {
    case 'fail':
      return 'fails';
    case 'skip':
      return 'is skipped';
    default:
      return 'has no result';
  }
}
