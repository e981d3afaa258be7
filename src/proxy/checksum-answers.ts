import { createHash } from 'node:crypto';
import type { Clock } from '../platform/index.ts';
import { matchesPatterns, unescapePath } from '../gomod/path/index.ts';
import type { AnswerMemory } from './answer-memory.ts';
import type { Answered } from './answered.ts';
import type { ChecksumRelay } from './checksum/index.ts';
import {
  describeFailures,
  missing,
  recordedOf,
  sendAbsence,
  sendRefusal,
} from './error-answers.ts';
import type { Exchange } from './exchange.ts';
import { CACHE_CONTROL } from './protocol/index.ts';
import type { Reach } from './reach.ts';
import { sendHot } from './send-hot.ts';
import type { HotEntry, MemoryTier } from './storage/index.ts';

export interface ChecksumAnswersNeeds {
  readonly clock: Clock;
  readonly relay: ChecksumRelay;
  readonly memory: MemoryTier;
  readonly answers: AnswerMemory;
}

export interface ChecksumAnswersSettings {
  /** Names of the relayed databases; a name may contain a path (P-70). */
  readonly databases: readonly string[];
  /** Go's glob list; their modules are never looked up in a public database. */
  readonly noLookupPatterns: string;
}

export interface ChecksumRequest {
  readonly exchange: Exchange;
  /** What follows `sumdb/`. */
  readonly resource: string;
  readonly key: string;
  readonly trace: string;
  readonly reach: Reach;
}

export interface ChecksumAnswers {
  answer(request: ChecksumRequest): Promise<Answered>;
}

/** Answers `sumdb/…` by the relay. */
export function createChecksumAnswers(
  needs: ChecksumAnswersNeeds,
  settings: ChecksumAnswersSettings,
): ChecksumAnswers {
  // The longest name first: one database's name may be the start of another's.
  const names = settings.databases.toSorted((a, b) => b.length - a.length);

  async function answer(request: ChecksumRequest): Promise<Answered> {
    const { exchange, trace } = request;
    const name = names.find((candidate) => request.resource.startsWith(`${candidate}/`));
    if (name === undefined) {
      return refuse(request, {
        status: 404,
        cause: 'this proxy relays no checksum database of that name',
        next: 'add it with --sumdb NAME+KEY, or let go reach the database itself',
      });
    }
    const resource = request.resource.slice(name.length + 1);
    if (isPrivateLookup(resource, settings.noLookupPatterns)) {
      return refuse(request, {
        status: 403,
        cause: 'this module is private or excluded: its name is not sent to a checksum database',
        next: 'set GONOSUMDB (or GOPRIVATE) to the same patterns where go runs',
      });
    }
    const absent = request.reach === 'upstreams' ? needs.answers.fresh(request.key) : undefined;
    if (absent !== undefined && absent.status !== 200) {
      const facts = { certain: true, outcome: 'hit' } as const;
      return { status: sendAbsence(exchange, absent, facts, trace), outcome: 'hit' };
    }
    return fromRelay(request, name, resource);
  }

  async function fromRelay(
    request: ChecksumRequest,
    name: string,
    resource: string,
  ): Promise<Answered> {
    const { exchange, trace, reach } = request;
    const cachedOnly = reach !== 'upstreams';
    const said = await needs.relay.answer(name, resource, { cachedOnly });
    if (said.kind === 'bytes') {
      const entry = makeEntry(said.body, said.contentType, said.lifetime);
      if (said.lifetime === 'immutable') {
        needs.memory.put(`/${request.key}`, entry);
      }
      const status = sendHot(exchange, entry, said.source, trace);
      return { status, outcome: said.source, bytes: entry.body.length };
    }
    if (said.kind === 'absent') {
      if (said.certain) {
        const { status, contentType, body } = said;
        needs.answers.remember(request.key, { status, contentType, body });
      }
      const facts = { certain: said.certain, outcome: 'fill' } as const;
      return { status: sendAbsence(exchange, said, facts, trace), outcome: 'fill' };
    }
    if (said.kind === 'bad-request') {
      return refuse(request, {
        status: 400,
        cause: said.problem,
        next: 'the paths of a checksum database are in the Go module reference',
      });
    }
    const what = `${resource} of the checksum database ${name}`;
    if (cachedOnly) {
      return refuse(request, missing(what, reach));
    }
    return refuse(request, describeFailures(what, said.kind === 'failed' ? said.failures : []));
  }

  function refuse(request: ChecksumRequest, refusal: Parameters<typeof sendRefusal>[1]): Answered {
    const status = sendRefusal(request.exchange, refusal, request.trace);
    return { status, outcome: 'bypass', ...recordedOf(refusal) };
  }

  return { answer };
}

function isPrivateLookup(resource: string, patterns: string): boolean {
  if (patterns === '' || !resource.startsWith('lookup/')) {
    return false;
  }
  const escaped = resource.slice('lookup/'.length, resource.lastIndexOf('@'));
  const path = unescapePath(escaped);
  return path.ok && matchesPatterns(patterns, path.value);
}

function makeEntry(body: Buffer, contentType: string, lifetime: 'immutable' | 'short'): HotEntry {
  const isText = contentType.startsWith('text/');
  return {
    kind: 'checksum',
    module: undefined,
    isCompressible: isText,
    body,
    etag: `"${createHash('sha256').update(body).digest('hex')}"`,
    lastModified: '',
    headers: [
      'Content-Type',
      contentType,
      'Cache-Control',
      lifetime === 'immutable' ? CACHE_CONTROL.immutable : CACHE_CONTROL.short,
      ...(isText ? ['Vary', 'Accept-Encoding'] : []),
    ],
    whole: undefined,
    gzip: undefined,
  };
}
