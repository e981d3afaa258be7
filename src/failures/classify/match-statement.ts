import { catalogue, type Failure, type Form } from '../catalogue/index.ts';
import type { Statement } from '../statements/index.ts';
import type { IndexedForm, PhraseIndex } from './phrase-index.ts';
import { refine } from './refine.ts';
import { readTarget, type Target } from './target.ts';

export interface Match {
  readonly failure: Failure;
  readonly form: Form;
  readonly target: Target;
  readonly isWeak: boolean;
}

const byId: ReadonlyMap<string, Failure> = new Map(
  catalogue.map((failure) => [failure.id, failure]),
);

/** The one cause that a statement names, or none. */
export function matchStatement(index: PhraseIndex, statement: Statement): Match | undefined {
  let best: IndexedForm | undefined;
  for (const phrase of statement.phrases) {
    for (const indexed of index.formsOf(phrase)) {
      if (best !== undefined && !isBefore(indexed, best)) continue;
      if (fits(indexed.form, statement)) best = indexed;
    }
  }
  if (best === undefined) return undefined;
  const target = readTarget(statement.text, statement.command, statement.head);
  const id = refine(best.failure, target, statement);
  return {
    failure: byId.get(id) ?? best.failure,
    form: best.form,
    target,
    isWeak: isWeak(best, target, statement),
  };
}

/** What a test prints of networks and disks is the test's affair; so is what other programs print. */
function isWeak(
  { failure, form }: IndexedForm,
  { kind }: Target,
  { text, isGo }: Statement,
): boolean {
  // Scripts ask and fetch with curl what may well fail; what git says with its words begins with "fatal:".
  if (form.isWarning === true || /^curl: \(\d/.test(text)) return true;
  if (failure.class !== 'hand-over' && /_test\.go:\d{1,7}: /.test(text)) return true;
  // What pulls images is written in Go, and speaks for itself.
  return form.said === 'go' && !isGo && kind !== 'registry';
}

function isBefore(one: IndexedForm, other: IndexedForm): boolean {
  const weights = (one.form.weight ?? 2) - (other.form.weight ?? 2);
  return weights === 0 ? one.order < other.order : weights > 0;
}

function fits({ pattern, not, said }: Form, { text, isRemote }: Statement): boolean {
  // What the remote machine said of its own network is never taken for ours (reference A0.8).
  if (isRemote !== (said === 'server')) return false;
  return (pattern?.test(text) ?? true) && not?.test(text) !== true;
}
