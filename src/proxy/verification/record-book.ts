import type { Clock } from '../../platform/index.ts';
import type { RecordAnswer } from '../checksum/index.ts';
import type { VerificationLimits } from './verification-limits.ts';

export interface ModuleVersion {
  readonly path: string;
  readonly version: string;
}

/** Asks one checksum database. `cachedOnly` asks only what is stored here. */
export type AskDatabase = (
  database: string,
  module: ModuleVersion,
  options: { readonly cachedOnly: boolean },
) => Promise<RecordAnswer>;

export type BookAnswer = RecordAnswer & { readonly database?: string };

/** What checksum databases say of module versions, asked once for all who want to know. */
export interface RecordBook {
  /** Begins to ask, unless it was asked. */
  find(module: ModuleVersion): Promise<BookAnswer>;
  /** The same answer, or that there is none within the time that bytes may wait. */
  soon(module: ModuleVersion): Promise<BookAnswer>;
  /** False while none answers, or none has answered for a time although it was asked. */
  isAnswering(): boolean;
  close(): void;
}

export interface RecordBookNeeds {
  readonly clock: Clock;
  readonly ask: AskDatabase;
  /** Told when a database answers again after it did not. */
  readonly back: () => void;
}

/** A database that is well answers some of many questions within a fraction of this. */
const SLOW_MILLISECONDS = 3000;

const SILENT: BookAnswer = { kind: 'unavailable', problem: 'no checksum database answers now' };

export function createRecordBook(
  needs: RecordBookNeeds,
  settings: { readonly databases: readonly string[]; readonly limits: VerificationLimits },
): RecordBook {
  const { clock } = needs;
  const { databases, limits } = settings;
  const answers = new Map<string, Promise<BookAnswer>>();
  /** Until when nobody waits, because nobody answered. */
  let silentUntil = 0;
  /** From the first silence to the next answer. */
  let isDoubted = false;
  let lastAnswer = -Infinity;
  /** When those were asked who still wait. */
  const waiting = new Set<{ readonly began: number }>();
  const timers = new Set<{ cancel(): void }>();

  async function askAll(
    module: ModuleVersion,
    options: { readonly cachedOnly: boolean },
  ): Promise<BookAnswer> {
    let worst: BookAnswer = { kind: 'absent' };
    for (const database of databases) {
      const answer = await needs.ask(database, module, options);
      if (answer.kind === 'record') {
        return { ...answer, database };
      }
      if (worst.kind === 'absent' || answer.kind === 'contradicted') {
        worst = { ...answer, database };
      }
    }
    return worst;
  }

  function noteAnswer({ kind }: BookAnswer, began: number): void {
    const now = clock.monotonicMilliseconds();
    if (kind === 'unavailable') {
      if (lastAnswer < began) fellSilent();
      return;
    }
    lastAnswer = now;
    isDoubted = false;
    if (silentUntil > 0) {
      silentUntil = 0;
      needs.back();
    }
  }

  function fellSilent(): void {
    silentUntil = clock.monotonicMilliseconds() + limits.pauseMilliseconds;
    isDoubted = true;
  }

  function start(key: string, module: ModuleVersion): Promise<BookAnswer> {
    const began = clock.monotonicMilliseconds();
    const asked = askAll(module, { cachedOnly: false }).catch((error: unknown): BookAnswer => ({
      kind: 'unavailable',
      problem: String(error),
    }));
    answers.set(key, asked);
    const question = { began };
    waiting.add(question);
    for (const oldest of answers.keys()) {
      if (answers.size <= limits.records) break;
      answers.delete(oldest);
    }
    void asked.then((answer) => {
      waiting.delete(question);
      noteAnswer(answer, began);
      if (answer.kind !== 'record') {
        forgetLater(key, asked, answer.kind === 'absent' ? limits.absenceMilliseconds : 0);
      }
    });
    return asked;
  }

  function forgetLater(key: string, asked: Promise<BookAnswer>, milliseconds: number): void {
    const forget = (): void => {
      if (answers.get(key) === asked) answers.delete(key);
    };
    if (milliseconds === 0) {
      forget();
      return;
    }
    const timer = clock.after(milliseconds, () => {
      timers.delete(timer);
      forget();
    });
    timers.add(timer);
  }

  function isSilent(): boolean {
    return clock.monotonicMilliseconds() < silentUntil;
  }

  function find(module: ModuleVersion): Promise<BookAnswer> {
    if (databases.length === 0) {
      return Promise.resolve({ kind: 'absent' });
    }
    const key = `${module.path}@${module.version}`;
    const known = answers.get(key);
    if (known !== undefined) {
      return known;
    }
    if (isSilent()) {
      return askAll(module, { cachedOnly: true }).then(
        (answer) => (answer.kind === 'record' ? answer : SILENT),
        () => SILENT,
      );
    }
    return start(key, module);
  }

  return {
    find,
    async soon(module) {
      const asked = find(module);
      const began = clock.monotonicMilliseconds();
      const late = Promise.withResolvers<BookAnswer>();
      const wait = isDoubted ? limits.doubtMilliseconds : limits.waitMilliseconds;
      const timer = clock.after(wait, () => {
        if (lastAnswer < began) fellSilent();
        late.resolve(SILENT);
      });
      try {
        return await Promise.race([asked, late.promise]);
      } finally {
        timer.cancel();
      }
    },
    isAnswering() {
      if (isDoubted) return false;
      const [oldest] = waiting;
      const since = Math.max(lastAnswer, oldest?.began ?? Infinity);
      return clock.monotonicMilliseconds() - since < SLOW_MILLISECONDS;
    },
    close() {
      for (const timer of timers) timer.cancel();
      timers.clear();
    },
  };
}
