/** What the clients saw. */
export interface Tally {
  good(kind: string): void;
  wrong(text: string): void;
  unexpected(text: string): void;
  whileRestarting(): void;
  read(): TallyFigures;
}

export interface TallyFigures {
  readonly answers: number;
  readonly kinds: Readonly<Record<string, number>>;
  /** Bodies that were complete and not what they must be. */
  readonly wrong: number;
  /** Errors while the server was up. */
  readonly unexpected: number;
  readonly whileRestarting: number;
  /** The first of them. */
  readonly examples: readonly string[];
}

const KEPT_EXAMPLES = 40;

export function createTally(tell: (line: string) => void): Tally {
  const kinds = new Map<string, number>();
  const examples: string[] = [];
  let wrong = 0;
  let unexpected = 0;
  let whileRestarting = 0;
  function keep(text: string): void {
    if (examples.length >= KEPT_EXAMPLES) return;
    examples.push(text);
    tell(`  ! ${text}`);
  }
  return {
    good(kind) {
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    },
    wrong(text) {
      wrong += 1;
      keep(`WRONG BYTES ${text}`);
    },
    unexpected(text) {
      unexpected += 1;
      keep(text);
    },
    whileRestarting() {
      whileRestarting += 1;
    },
    read() {
      let answers = 0;
      for (const count of kinds.values()) answers += count;
      const counted = { kinds: Object.fromEntries(kinds), wrong, unexpected, whileRestarting };
      return { answers, ...counted, examples: [...examples] };
    },
  };
}
