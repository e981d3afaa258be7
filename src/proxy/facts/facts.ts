import { hash1 } from '../../gomod/sumfile/index.ts';
import type { Clock, Database, Files, Logger, Row } from '../../platform/index.ts';
import { createRareWarning } from '../rare-warning.ts';
import { storeArtifact, withdrawArtifacts } from './store-artifact.ts';
import type { ArtifactFact } from './store-artifact.ts';

/** How an artifact looked when it was first stored under its name. */
export interface ArtifactSight {
  /** As in go.sum; undefined for what has no hash there. */
  readonly h1: string | undefined;
  readonly upstream: string;
  readonly seenMilliseconds: number;
  /** True when a checksum database vouched for it, then or later. */
  readonly isVerified: boolean;
}

/** An answer that can change: a list, `@latest`, a branch, an absence. */
export interface KnownAnswer {
  readonly status: 200 | 404 | 410;
  readonly contentType: string;
  readonly body: Buffer;
  readonly fetchedMilliseconds: number;
  /** Names the upstreams that said so; undefined where an earlier program did not write it down. */
  readonly sources?: string | undefined;
}

/**
 * The durable memory beside the tree. Writing is never waited for; reading happens only when upstreams
 * fail, so that nothing on the hit path waits for the database.
 */
export interface Facts {
  artifactStored(fact: ArtifactFact): void;
  answerKnown(key: string, answer: KnownAnswer): void;
  /** An absence of a module, or of anything below its path, is no longer known. */
  absencesForgotten(escapedPath: string): void;
  recallAnswer(key: string): Promise<KnownAnswer | undefined>;
  /** SHA-256 of an artifact as it was first stored, as hex; undefined when nothing is known of it. */
  recallHash(key: string): Promise<string | undefined>;
  /** Undefined when it was never stored here. */
  recallSight(key: string): Promise<ArtifactSight | undefined>;
  /** Somebody took versions out on purpose: whatever comes next is the first sight. No version is all. */
  withdraw(path: string, version: string | undefined): Promise<void>;
  close(): Promise<void>;
}

export interface FactsNeeds {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly files: Files;
  readonly database: Database;
}

/** Long enough to gather the answers of a burst, short enough that a crash forgets little. */
const FLUSH_MILLISECONDS = 250;
/** Above this the oldest wait in the journal only; a stuck disk must not eat the memory. */
const MAXIMUM_WAITING = 20_000;
/** Larger answers are not remembered over a restart. */
const MAXIMUM_ANSWER_BYTES = 1024 * 1024;

export function createFacts(needs: FactsNeeds, settings: { readonly journal: string }): Facts {
  const artifacts: (ArtifactFact & { readonly seen: number })[] = [];
  const answers = new Map<string, KnownAnswer>();
  const warnNotWritten = createRareWarning(
    needs,
    'facts were not written; what they describe is served all the same',
  );
  let timer: { cancel(): void } | undefined;
  let flushing: Promise<void> = Promise.resolve();

  function schedule(): void {
    timer ??= needs.clock.after(FLUSH_MILLISECONDS, () => {
      timer = undefined;
      flushing = flushing.then(flush);
    });
  }

  async function flush(): Promise<void> {
    const stored = artifacts.splice(0);
    const known = [...answers];
    answers.clear();
    if (stored.length === 0 && known.length === 0) {
      return;
    }
    try {
      // First sight goes to the journal first: the database can be rebuilt from it.
      if (stored.length > 0) {
        await needs.files.append(settings.journal, Buffer.from(stored.map(journalLine).join('')));
      }
      await needs.database.transaction([...stored.map(storeArtifact), ...known.map(storeAnswer)]);
    } catch (error) {
      warnNotWritten(error, { facts: stored.length + known.length });
    }
  }

  async function forgetAbsences(escapedPath: string): Promise<void> {
    try {
      await needs.database.transaction([
        {
          // In the order of bytes '0' follows '/', so this is all that begins with the path and a slash.
          sql: 'DELETE FROM answers WHERE status <> 200 AND key >= :from AND key < :to',
          parameters: { from: `${escapedPath}/`, to: `${escapedPath}0` },
        },
      ]);
    } catch (error) {
      needs.logger.warn('an absence could not be forgotten', {
        path: escapedPath,
        error: String(error),
      });
    }
  }

  return {
    artifactStored(fact) {
      if (artifacts.length < MAXIMUM_WAITING) {
        artifacts.push({ ...fact, seen: needs.clock.epochMilliseconds() });
      }
      schedule();
    },
    answerKnown(key, answer) {
      if (answer.body.length <= MAXIMUM_ANSWER_BYTES && answers.size < MAXIMUM_WAITING) {
        answers.set(key, answer);
        schedule();
      }
    },
    absencesForgotten(escapedPath) {
      for (const [key, answer] of answers) {
        if (answer.status !== 200 && key.startsWith(`${escapedPath}/`)) {
          answers.delete(key);
        }
      }
      flushing = flushing.then(async () => forgetAbsences(escapedPath));
    },
    async recallAnswer(key) {
      const waiting = answers.get(key);
      if (waiting !== undefined) {
        return waiting;
      }
      try {
        const rows = await needs.database.query(
          'SELECT status, content_type, body, fetched_ms, sources FROM answers WHERE key = :key',
          { key },
        );
        return rows[0] === undefined ? undefined : readAnswer(rows[0]);
      } catch (error) {
        needs.logger.warn('a remembered answer could not be read', { key, error: String(error) });
        return undefined;
      }
    },
    async recallHash(key) {
      const waiting = artifacts.find((fact) => fact.key === key);
      if (waiting !== undefined) {
        return waiting.sha256;
      }
      try {
        const rows = await needs.database.query('SELECT sha256 FROM artifacts WHERE key = :key', {
          key,
        });
        const sha256 = rows[0]?.['sha256'];
        return typeof sha256 === 'string' ? sha256 : undefined;
      } catch (error) {
        needs.logger.warn('a first sight could not be read', { key, error: String(error) });
        return undefined;
      }
    },
    async recallSight(key) {
      const waiting = artifacts.find((fact) => fact.key === key);
      if (waiting !== undefined) {
        const { h1, upstream, seen, state } = waiting;
        return { h1, upstream, seenMilliseconds: seen, isVerified: state === 'verified' };
      }
      const rows = await needs.database.query(
        'SELECT kind, sha256, h1, upstream, state, first_seen_ms FROM artifacts WHERE key = :key',
        { key },
      );
      return rows[0] === undefined ? undefined : readSight(rows[0]);
    },
    async withdraw(path, version) {
      // What waits was seen before, so it goes first.
      flushing = flushing.then(flush);
      await flushing;
      const at = Temporal.Instant.fromEpochMilliseconds(needs.clock.epochMilliseconds()).toString();
      const line = `${JSON.stringify({ event: 'withdrawn', at, path, version })}\n`;
      await needs.files.append(settings.journal, Buffer.from(line));
      await needs.database.transaction([withdrawArtifacts({ path, version })]);
    },
    async close() {
      timer?.cancel();
      flushing = flushing.then(flush);
      await flushing;
    },
  };
}

function journalLine(fact: ArtifactFact & { readonly seen: number }): string {
  const { seen, ...rest } = fact;
  const at = Temporal.Instant.fromEpochMilliseconds(seen).toString();
  return `${JSON.stringify({ event: 'first-seen', at, ...rest })}\n`;
}

function storeAnswer([key, answer]: readonly [string, KnownAnswer]): {
  sql: string;
  parameters: Record<string, string | number | Uint8Array | null>;
} {
  return {
    sql: `INSERT INTO answers (key, status, content_type, body, fetched_ms, sources)
      VALUES (:key, :status, :type, :body, :fetched, :sources)
      ON CONFLICT (key) DO UPDATE SET status = excluded.status, content_type = excluded.content_type,
        body = excluded.body, fetched_ms = excluded.fetched_ms, sources = excluded.sources`,
    parameters: {
      key,
      status: answer.status,
      type: answer.contentType,
      body: answer.body,
      fetched: answer.fetchedMilliseconds,
      sources: answer.sources ?? null,
    },
  };
}

/** Older versions stored go.mod files without their hash, which follows from the one of the bytes. */
function readSight(row: Row): ArtifactSight {
  const { kind, sha256, h1, upstream, first_seen_ms: seen } = row;
  const derived = kind === 'mod' ? hash1([{ name: 'go.mod', sha256: String(sha256) }]) : undefined;
  const own = typeof h1 === 'string' ? h1 : derived?.ok === true ? derived.value : undefined;
  const isVerified = row['state'] === 'verified';
  return { h1: own, upstream: String(upstream), seenMilliseconds: Number(seen), isVerified };
}

function readAnswer(row: Readonly<Record<string, unknown>>): KnownAnswer | undefined {
  const { status, content_type: contentType, body, fetched_ms: fetched, sources } = row;
  if (
    (status !== 200 && status !== 404 && status !== 410) ||
    typeof contentType !== 'string' ||
    !(body instanceof Uint8Array)
  ) {
    return undefined;
  }
  return {
    status,
    contentType,
    body: Buffer.from(body),
    fetchedMilliseconds: Number(fetched),
    ...(typeof sources === 'string' ? { sources } : {}),
  };
}
