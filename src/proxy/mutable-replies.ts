import { createHash } from 'node:crypto';
import { unescapeVersion } from '../gomod/path/index.ts';
import { formatHttpDate } from '../platform/http/index.ts';
import type { Clock } from '../platform/index.ts';
import type { AllowedAnswers } from './allowed-answers.ts';
import type { Answered } from './answered.ts';
import {
  describeFailures,
  missing,
  purged,
  recordedOf,
  sendAbsence,
  sendRefusal,
} from './error-answers.ts';
import type { Exchange } from './exchange.ts';
import type { KnownAnswer } from './facts/index.ts';
import type { MutableResource } from './mutable-resource.ts';
import type { ToldOfModule } from './stored-mutable.ts';
import { CACHE_CONTROL } from './protocol/index.ts';
import type { Reach } from './reach.ts';
import { sendHot } from './send-hot.ts';
import { ageSeconds, staleHeaders } from './stale-headers.ts';
import type { HotEntry } from './storage/index.ts';

export interface MutableRequest {
  readonly exchange: Exchange;
  readonly resource: MutableResource;
  readonly trace: string;
  readonly reach: Reach;
  readonly via: string | undefined;
}

export interface MutableReplies {
  answer(request: MutableRequest): Promise<Answered>;
}

/** Writes lists, latest and branch queries as HTTP. */
export function createMutableReplies(needs: {
  readonly clock: Clock;
  readonly mutable: AllowedAnswers;
}): MutableReplies {
  async function answer(request: MutableRequest): Promise<Answered> {
    const { exchange, resource, trace, reach } = request;
    const said = await needs.mutable.answer(resource, reach, request.via);
    if (said.kind === 'failed') {
      return refuse(request, describeFailures(nameOf(resource), said.failures));
    }
    if (said.kind === 'not-cached') {
      const refusal = missing(nameOf(resource), reach);
      return refuse(request, { ...refusal, tried: toldLines(said.told) });
    }
    if (said.kind === 'blocked') {
      return refuse(request, purged(nameOf(resource), said.reason));
    }
    const { answer: known, outcome } = said;
    const stale = outcome === 'stale' ? staleHeaders(needs.clock, known) : [];
    const age = outcome === 'stale' ? { staleSeconds: ageSeconds(needs.clock, known) } : {};
    if (known.status !== 200) {
      const facts = { certain: said.certain && outcome !== 'stale', outcome, headers: stale };
      return { status: sendAbsence(exchange, known, facts, trace), outcome, ...age };
    }
    const entry = makeEntry(resource, known, [
      ...stale,
      'Vary',
      'Accept-Encoding, Disable-Module-Fetch',
    ]);
    const status = sendHot(exchange, entry, outcome, trace);
    return { status, outcome, bytes: entry.body.length, ...age };
  }

  function refuse(request: MutableRequest, refusal: Parameters<typeof sendRefusal>[1]): Answered {
    const status = sendRefusal(request.exchange, refusal, request.trace);
    return { status, outcome: 'bypass', ...recordedOf(refusal) };
  }

  return { answer };
}

function makeEntry(
  resource: MutableResource,
  known: KnownAnswer,
  extra: readonly string[],
): HotEntry {
  const lastModified = formatHttpDate(known.fetchedMilliseconds);
  return {
    kind: resource.kind,
    module: undefined,
    isCompressible: true,
    body: known.body,
    etag: `"${createHash('sha256').update(known.body).digest('hex')}"`,
    lastModified,
    headers: [
      'Content-Type',
      known.contentType,
      'Cache-Control',
      CACHE_CONTROL.short,
      'Last-Modified',
      lastModified,
      ...extra,
    ],
    whole: undefined,
    gzip: undefined,
  };
}

/** One line has room for some. */
const MAXIMUM_VERSIONS = 5;

function toldLines({ named, stored }: ToldOfModule): readonly string[] {
  const more = stored.length > MAXIMUM_VERSIONS ? ', …' : '';
  const versions = `${stored.slice(0, MAXIMUM_VERSIONS).join(', ')}${more}`;
  return [
    ...(named === undefined ? [] : [`it stood for ${named}, whose files are not in the store`]),
    stored.length === 0
      ? 'no version of this module is in the store with all its files'
      : `in the store with all their files: ${versions}`,
  ];
}

function nameOf({ kind, path, key }: MutableResource): string {
  if (kind === 'query') {
    const query = unescapeVersion(key.slice(key.lastIndexOf('/') + 1, -'.info'.length));
    return `what ${query.ok ? query.value : 'was asked for'} stands for in ${path}`;
  }
  return `${kind === 'list' ? 'the version list' : 'the latest version'} of ${path}`;
}
