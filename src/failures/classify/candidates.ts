import type { Failure } from '../catalogue/index.ts';
import type { Statement } from '../statements/index.ts';
import type { Candidate } from './candidate.ts';
import { matchStatement } from './match-statement.ts';
import type { PhraseIndex } from './phrase-index.ts';

/** What was seen in a whole log, however long: bounded. */
export interface Seen {
  readonly candidates: readonly Candidate[];
  readonly goVersion: string | undefined;
  /** The go command is named, or speaks. */
  readonly isAboutGo: boolean;
  /** A step ended badly, whatever the reason. */
  readonly failedAt: Statement | undefined;
  /** A build system wrote no more of a log that was too long. */
  readonly clippedAt: Statement | undefined;
}

export interface CandidateCollector {
  add(statement: Statement): void;
  end(): Seen;
}

/** Different causes and targets that are kept. A log with more repeats itself in other words. */
const MOST_CANDIDATES = 2000;
/** What a build system says between the last line of a command and that it ended it. */
const LINES_BEFORE_LIMIT = 4;

const limits: ReadonlySet<string> = new Set(['step-timeout', 'step-cancelled']);

/** It ended a step that might have ended well. */
export function isLimit({ id }: Failure): boolean {
  return limits.has(id);
}

export function createCandidateCollector(index: PhraseIndex): CandidateCollector {
  const byKey = new Map<string, Candidate>();
  let step = 0;
  let goVersion: string | undefined;
  let isAboutGo = false;
  let failedAt: Statement | undefined;
  let lastDownload: Statement | undefined;
  let clippedAt: Statement | undefined;
  let saidSince = 0;

  /** A limit that ended a download says nothing of its cause; that a download was the last thing does. */
  function goingOn({ number }: Statement): Statement | undefined {
    if (lastDownload === undefined) return undefined;
    const lines = Math.max(number - lastDownload.number, saidSince);
    return lines <= LINES_BEFORE_LIMIT ? lastDownload : undefined;
  }

  function note(statement: Statement): void {
    for (const phrase of statement.phrases) {
      const landmark = index.landmarkOf(phrase);
      if (landmark === undefined || statement.isRemote) continue;
      if (landmark === 'end-of-step' && isEnd(statement.text)) {
        failedAt = statement;
        // `go test` says it after each package, and goes on with the next.
        if (!statement.text.startsWith('exit status ')) step += 1;
      }
      if (landmark === 'next-try' && isNextTry(statement.text)) step += 1;
      if (landmark === 'clipped') clippedAt ??= statement;
      if (landmark === 'go-version') goVersion = readVersion(statement.text) ?? goVersion;
      if (landmark === 'go-line' && isDownload(statement.text)) {
        lastDownload = statement;
        saidSince = 0;
      }
      const isError = landmark === 'go-line' || landmark === 'error-word';
      if (isError && saysError(statement.text)) failedAt ??= statement;
      if (landmark === 'go-command' || landmark === 'go-line') isAboutGo = true;
    }
  }

  return {
    add(statement) {
      saidSince += 1;
      if (statement.isGo) isAboutGo = true;
      const match = statement.phrases.length === 0 ? undefined : matchStatement(index, statement);
      if (match !== undefined) {
        const { failure, target, isWeak } = match;
        const during = isLimit(failure) ? goingOn(statement) : undefined;
        const what = target.module ?? target.host ?? '';
        const key = `${step} ${failure.id} ${isWeak ? '?' : ''}${what}`;
        const known = byKey.get(key);
        if (known !== undefined) known.count += 1;
        if (known === undefined || weightOf(known) < weightOf(match)) {
          byKey.set(key, { ...match, statement, step, during, count: known?.count ?? 1 });
          // The oldest goes: the end of a log tells more than its beginning.
          if (byKey.size > MOST_CANDIDATES) byKey.delete(byKey.keys().next().value ?? '');
        }
      }
      note(statement);
    },
    end: () => ({
      candidates: [...byKey.values()],
      goVersion,
      isAboutGo,
      failedAt,
      clippedAt,
    }),
  };
}

function weightOf({ form }: Pick<Candidate, 'form'>): number {
  return form.weight ?? 2;
}

/** `exit status 1` ends a step where it stands alone; git's stands behind what it did. */
function isEnd(text: string): boolean {
  if (text.includes('exit status ')) return /^exit status [1-9]\d{0,2}$/.test(text);
  return !/(?:exit code|code) 0\b/.test(text);
}

/** Wrappers of many kinds try again; in a classic Docker build a step begins when the one before ended well. */
function isNextTry(text: string): boolean {
  return /\bretrying\b|\bwill retry\b|\battempt #?\d{1,3}\b|^---> Running in /i.test(text);
}

/** With `-x` a request has a line when it begins, and one with its status when it ends. */
function isDownload(text: string): boolean {
  return /(?:^|\s)go: (?:downloading|finding|extracting) \S{1,300} v\S|(?:^|\s)# get https?:\/\/\S{1,1000}$/.test(
    text,
  );
}

const NEWS =
  /^go: (?:downloading|finding|extracting|added|upgraded|downgraded|removed|creating|to add|warning|copying|updates|toolchain|trying|found|converting|module |no module|switching|all )/;

/** A line that can only mean that something failed, whatever it was. */
function saysError(text: string): boolean {
  return (
    /^(?:error|fatal|ERROR|FATAL|Error): \S/.test(text) ||
    (/^go: \S/.test(text) && !NEWS.test(text) && !text.includes('; switching to go'))
  );
}

function readVersion(text: string): string | undefined {
  return /(?:go version go|running go |golang:|go-version: ['"]?|[Gg]o version )(1\.\d{1,2}(?:\.\d{1,3})?)/.exec(
    text,
  )?.[1];
}
