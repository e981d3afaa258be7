import {
  conclude,
  createCandidateCollector,
  createPhraseIndex,
  type DiagnosisSettings,
  type PhraseIndex,
  type Verdict,
} from './classify/index.ts';
import {
  createAutomaton,
  createByteReader,
  withoutColours,
  createLineScanner,
  findPhrases,
  type Automaton,
} from './reading/index.ts';
import { createStatementBuilder } from './statements/index.ts';

/** One log on its way through. */
export interface Diagnosis {
  /** The next bytes, in pieces of any size. */
  write(bytes: Uint8Array): void;
  end(): Diagnosed;
}

export interface Diagnosed extends Verdict {
  readonly lines: number;
  readonly bytes: number;
}

/** What all diagnoses of a program share: the phrases, ready to be found. */
export interface Diagnoser {
  start(settings?: DiagnosisSettings): Diagnosis;
}

export function createDiagnoser(): Diagnoser {
  const index = createPhraseIndex();
  const automaton = createAutomaton(index.phrases);
  return { start: (settings = {}) => startDiagnosis(index, automaton, settings) };
}

function startDiagnosis(
  index: PhraseIndex,
  automaton: Automaton,
  settings: DiagnosisSettings,
): Diagnosis {
  const collector = createCandidateCollector(index);
  const statements = createStatementBuilder(
    (text) => findPhrases(automaton, text),
    (statement) => {
      collector.add(statement);
    },
  );
  const scanner = createLineScanner(automaton, index.ranks, (line) => {
    statements.add(line);
  });
  const colourless = withoutColours((bytes) => {
    scanner.write(bytes);
  });
  const plain = createByteReader(colourless.write);
  return {
    write: plain.write,
    end() {
      plain.end();
      colourless.end();
      const totals = scanner.end();
      statements.end();
      return { ...conclude(collector.end(), settings), ...totals };
    },
  };
}
