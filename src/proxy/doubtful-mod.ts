import { failed } from './upstream/index.ts';
import type { Failed } from './upstream/index.ts';

/**
 * A go.mod that nobody vouches for and that names no module. It may be what the module really has, and
 * is then served as it is (interface.md, Answers: a `.mod` is not parsed). More likely an upstream sent
 * something else, so it is asked again, and believed only when it says the same to the end.
 */
export interface Doubts<Believed> {
  /** The failure of this try; undefined when the bytes are no reason for doubt. */
  raise(upstream: string, bytes: Buffer, believe: () => Believed): Failed | undefined;
  /** After the last try: believes what every one of them gave, if there was such a thing. */
  settle(failures: readonly Failed[]): Believed | undefined;
}

/** The directive that every go.mod has (Go module reference, "go.mod files"), wherever it stands. */
const MODULE_LINE = /^[ \t]*module\b/mu;

export function createDoubts<Believed>(): Doubts<Believed> {
  const raised = new Set<Failed>();
  let first: { readonly bytes: Buffer; readonly believe: () => Believed } | undefined;
  let areEqual = true;
  return {
    raise(upstream, bytes, believe) {
      if (MODULE_LINE.test(bytes.toString('latin1'))) return undefined;
      if (first === undefined) first = { bytes, believe };
      else areEqual &&= first.bytes.equals(bytes);
      const message = `${upstream} sent a go.mod that names no module`;
      const failure = failed(upstream, { kind: 'invalid', reason: 'mod-malformed', message });
      raised.add(failure);
      return failure;
    },
    settle(failures) {
      const isAll = areEqual && failures.every((failure) => raised.has(failure));
      return isAll ? first?.believe() : undefined;
    },
  };
}
