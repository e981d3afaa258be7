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
  createLineScanner,
  type Automaton,
  type ScannedLine,
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

/**
 * Lines that are read closely. What follows in a log that is nothing but finds is kept back, and its
 * end read instead: the cause of a failure is near the end, and hostile logs must not cost more.
 */
const MOST_LINES = 60_000;
const LAST_LINES = 4000;

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
  const statements = createStatementBuilder((statement) => {
    collector.add(statement);
  });
  let read = 0;
  const last: ScannedLine[] = [];
  const scanner = createLineScanner(automaton, index.ranks, (line) => {
    read += 1;
    if (read <= MOST_LINES) statements.add(line);
    else last[(read - MOST_LINES - 1) % LAST_LINES] = line;
  });
  const plain = createByteReader((bytes) => {
    scanner.write(bytes);
  });
  return {
    write: plain.write,
    end() {
      plain.end();
      const totals = scanner.end();
      for (const line of last.toSorted((one, other) => one.number - other.number)) {
        statements.add(line);
      }
      return { ...conclude(collector.end(), settings), ...totals };
    },
  };
}
