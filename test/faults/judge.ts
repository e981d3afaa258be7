import type { FaultRow } from './rows.ts';
import type { Outcome } from '../support/go-download.ts';
import type { SystemName } from './systems.ts';

/** How the upstreams are listed: A is broken, B is well. `comma-record`: a database knows the version. */
export type ListShape = 'one' | 'comma' | 'comma-record' | 'pipe';

export type Expectation =
  | { readonly kind: 'success' }
  /** A clear failure: 404, or 502 to 504 with the cause, in go's output within the time. */
  | { readonly kind: 'failure'; readonly withinSeconds: number; readonly orSuccess: boolean }
  /** Nobody can vouch for anything here. */
  | { readonly kind: 'anything' };

/** A failure that is known; the machine's own haste is not what is judged. */
const KNOWN_SECONDS = 30;
/** The only remaining upstream accepted and says nothing: a public mirror may need a minute. */
const SILENT_SECONDS = 75;

/** The bars of issue 4, "Done when" 1. */
export function expectationOf(row: FaultRow, shape: ListShape, system: SystemName): Expectation {
  if (row.nature === 'harmless' || row.nature === 'passes') return { kind: 'success' };
  if (row.nature === 'absent')
    return shape === 'one' ? failure(KNOWN_SECONDS, false) : { kind: 'success' };
  if (row.nature === 'lies') return expectationOfLies(shape, system);
  if (shape === 'pipe' || shape === 'comma-record') return { kind: 'success' };
  // Better than the bar: a broken body can be finished from where it broke.
  return failure(row.nature === 'silent' ? SILENT_SECONDS : KNOWN_SECONDS, true);
}

function failure(withinSeconds: number, orSuccess: boolean): Expectation {
  return { kind: 'failure', withinSeconds, orSuccess };
}

/** Only a record tells a lie in the shared tree; the go.sum beside `run` tells it for that run. */
function expectationOfLies(shape: ListShape, system: SystemName): Expectation {
  if (shape === 'comma-record') return { kind: 'success' };
  if (system !== 'run') return { kind: 'anything' };
  return shape === 'pipe' ? { kind: 'success' } : failure(KNOWN_SECONDS, true);
}

export interface Verdict {
  readonly pass: boolean;
  readonly reason: string;
}

export function judge(expectation: Expectation, outcome: Outcome): Verdict {
  if (expectation.kind === 'anything') return { pass: true, reason: '' };
  const seconds = outcome.seconds.toFixed(1);
  if (expectation.kind === 'success') {
    return outcome.kind === 'success'
      ? { pass: true, reason: '' }
      : { pass: false, reason: `${outcome.kind} after ${seconds} s instead of success` };
  }
  if (outcome.kind === 'success' && expectation.orSuccess) return { pass: true, reason: '' };
  if (outcome.kind !== 'fails')
    return { pass: false, reason: `${outcome.kind} after ${seconds} s instead of a clear failure` };
  if (outcome.seconds > expectation.withinSeconds)
    return { pass: false, reason: `fails only after ${seconds} s` };
  // go's own refusal of what its go.sum does not know is as clear as ours.
  if (!/\b(?:404|410|502|503|504)\b|SECURITY ERROR/u.test(outcome.text))
    return { pass: false, reason: 'fails without the status in what go says' };
  return { pass: true, reason: '' };
}
