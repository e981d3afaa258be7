import { catalogue, createDiagnoser } from '../../src/failures/index.ts';
import type { Diagnoser } from '../../src/failures/index.ts';
import type { Answer, Expectations } from './score/score.ts';

/** What `cofferdam diagnose` says of logs. */
export function createClassifier(): (log: string) => Answer {
  const diagnoser: Diagnoser = createDiagnoser();
  return (log) => {
    const diagnosis = diagnoser.start();
    diagnosis.write(Buffer.from(log));
    const [root] = diagnosis.end().findings;
    return {
      id: root?.code,
      evidence: root?.evidence.map(({ text }) => text) ?? [],
      retry: root?.retry,
    };
  };
}

/** The classes and verdicts of the catalogue. */
export const expectations: Expectations = {
  classOf: (id) => catalogue.find((one) => one.id === id)?.class,
  retryOf: (id) => catalogue.find((one) => one.id === id)?.retry,
};

export const knownIds: readonly string[] = catalogue.map(({ id }) => id);
