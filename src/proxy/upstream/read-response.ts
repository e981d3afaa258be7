import { STATUS_CODES } from 'node:http';
import { isProgramError } from '../../platform/index.ts';
import type { Clock, ProgramError } from '../../platform/index.ts';
import type { HttpResponse } from '../../platform/http/index.ts';
import { failed, failedBy, isCertainAbsence } from './answer.ts';
import type { Absent, Failed, FailureKind, UpstreamAnswer } from './answer.ts';
import { reasonOfStatus } from './failure-reason.ts';
import { secretsSent } from './hide-words.ts';
import { readWords } from './read-words.ts';
import { isPassing } from './retry-plan.ts';
import type { UpstreamEntry } from './upstream-list.ts';

/** A response, and what may not be read again in it. */
export interface Asked {
  readonly response: HttpResponse;
  /** The headers with credentials that the request carried. */
  readonly credentials: Readonly<Record<string, string>>;
}

/** `go` shows 650 bytes of a text; more than this is no explanation. */
const MAXIMUM_TEXT_BYTES = 64 * 1024;

/** What a response to a question means. */
export async function readResponse(
  clock: Clock,
  entry: UpstreamEntry,
  asked: Asked,
  key: string,
): Promise<UpstreamAnswer> {
  const { response } = asked;
  const { status, headers } = response;
  if (status === 200) {
    if (response.encoded && key.endsWith('.zip')) {
      response.discard();
      // P-05: a zip is never content-coded; a CDN that does it breaks lengths and resumes.
      const message = `${entry.name} sent a zip with a content coding`;
      return failed(entry.name, { kind: 'invalid', reason: 'zip-content-coded', message });
    }
    const length = headers['content-length'];
    return {
      outcome: 'found',
      upstream: entry.name,
      length: length === undefined || response.encoded ? undefined : Number(length),
      lastModified: headers['last-modified'],
      body: response.body,
      discard: () => {
        response.discard();
      },
    };
  }
  if (status === 404 || status === 410) {
    return readAbsence(entry, response, status);
  }
  return readFailure(clock, entry, asked);
}

async function readFailure(clock: Clock, entry: UpstreamEntry, asked: Asked): Promise<Failed> {
  const { status, headers, finalUrl } = asked.response;
  const secrets = secretsSent(entry.base, asked.credentials);
  const words = await readWords(clock, asked.response, secrets);
  const { final, isRedirected } = whoAnswered(entry, finalUrl);
  const place = isRedirected
    ? `${final.protocol}//${final.host}, where ${entry.name} redirects to,`
    : entry.name;
  const message = `${place} answered ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd();
  const reason = reasonOfStatus(status);
  const retryAfterSeconds = readRetryAfter(headers['retry-after']);
  return {
    ...failed(entry.name, { kind: kindOf(status), reason, message }, status, retryAfterSeconds),
    speaker: { name: final.host, isRedirected, words },
  };
}

/** A refused request says nothing about how well the upstream is; what may pass does. */
function kindOf(status: number): FailureKind {
  if (status === 504) {
    return 'timeout';
  }
  return status >= 400 && status < 500 && !isPassing(status) ? 'refused' : 'unavailable';
}

/** The host of an answer may be another than was asked. */
function whoAnswered(
  entry: UpstreamEntry,
  finalUrl: string,
): { readonly final: URL; readonly isRedirected: boolean } {
  const asked = new URL(entry.base);
  const final = URL.parse(finalUrl) ?? asked;
  return { final, isRedirected: final.host !== asked.host };
}

async function readAbsence(
  entry: UpstreamEntry,
  response: HttpResponse,
  status: 404 | 410,
): Promise<Absent | Failed> {
  const pieces: Buffer[] = [];
  let size = 0;
  let broken: ProgramError | undefined;
  try {
    for await (const piece of response.body) {
      pieces.push(piece);
      size += piece.length;
      if (size >= MAXIMUM_TEXT_BYTES) {
        response.discard();
        break;
      }
    }
  } catch (error) {
    if (!isProgramError(error)) {
      throw error;
    }
    broken = error;
  }
  const body = Buffer.concat(pieces).subarray(0, MAXIMUM_TEXT_BYTES);
  const absent: Absent = {
    outcome: 'absent',
    upstream: entry.name,
    status,
    body,
    contentType: response.headers['content-type'] ?? 'text/plain; charset=utf-8',
    // The missing part may have been what shows that the upstream could not look.
    certain: broken === undefined && isCertainAbsence(body.toString('utf8')),
  };
  return broken === undefined
    ? absent
    : { ...failedBy(entry.name, 'unavailable', broken), brokenAbsence: absent };
}

/** Only the number form; an HTTP-date is rare here and a wrong clock would make it harmful. */
function readRetryAfter(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,6}$/u.test(value) ? Number(value) : undefined;
}
