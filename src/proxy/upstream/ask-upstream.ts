import { STATUS_CODES } from 'node:http';
import { isProgramError } from '../../platform/index.ts';
import type { Clock, Files, Random } from '../../platform/index.ts';
import type { HttpClient, HttpResponse } from '../../platform/http/index.ts';
import type { HealthRegister } from '../health/index.ts';
import { failed, isCertainAbsence } from './answer.ts';
import type {
  Absent,
  Begun,
  Failed,
  FailureKind,
  Found,
  Rest,
  Resume,
  UpstreamAnswer,
} from './answer.ts';
import { askTree } from './ask-tree.ts';
import type { Credentials } from './credentials.ts';
import { readRest, restHeaders, strongValidator } from './resume.ts';
import type { RestWish } from './resume.ts';
import type { UpstreamEntry } from './upstream-list.ts';

export interface AskNeeds {
  readonly http: HttpClient;
  readonly files: Files;
  readonly clock: Clock;
  readonly random: Random;
  /** Headers with the credentials for a URL, and again after a refusal (GOAUTH). */
  readonly credentials?: Credentials | undefined;
  /** Told once per request that really went out. */
  readonly count: (upstream: string, outcome: string) => void;
  readonly health: HealthRegister;
}

export interface AskSettings {
  readonly connectMilliseconds: number;
  readonly headersMilliseconds: number;
  readonly idleMilliseconds: number;
  /** Names this instance, so that a chain of proxies that bites its own tail is noticed. */
  readonly via: string;
}

export interface Question {
  /** The escaped path below the base. */
  readonly key: string;
  readonly signal: AbortSignal;
  /** Via of the request that we are answering. */
  readonly via: string | undefined;
  /** Whether this resource may come from any upstream because its hash decides; nobody else may say so. */
  readonly mayCross?: (() => Promise<boolean>) | undefined;
  /** What the upstream of this name sent to an earlier process. */
  readonly begun?: ((upstream: string) => Begun | undefined) | undefined;
}

/** `go` shows 650 bytes of a text; more than this is no explanation. */
const MAXIMUM_TEXT_BYTES = 64 * 1024;

/** Trouble that is the same on the next try, unlike a connection that failed. */
const KINDS: Readonly<Record<string, FailureKind>> = {
  offline: 'offline',
  'http-redirect-refused': 'invalid',
  'http-tls-failed': 'invalid',
};

/** Asks one upstream once. Never throws for what an upstream can do wrong. */
export async function askUpstream(
  needs: AskNeeds,
  settings: AskSettings,
  entry: UpstreamEntry,
  question: Question,
): Promise<UpstreamAnswer> {
  try {
    return entry.kind === 'file'
      ? await askTree(needs.files, entry, question.key)
      : await askHttp(needs, settings, entry, question);
  } catch (error) {
    return explain(needs, entry, error);
  }
}

/** Only what an upstream or the way to it can do wrong; anything else is our bug. */
function explain(needs: AskNeeds, entry: UpstreamEntry, error: unknown): Failed {
  if (!isProgramError(error)) {
    throw error;
  }
  const kind = error.kind === 'timeout' ? 'timeout' : (KINDS[error.code] ?? 'unavailable');
  needs.count(entry.name, kind);
  return failed(entry.name, kind, error.message);
}

async function askHttp(
  needs: AskNeeds,
  settings: AskSettings,
  entry: UpstreamEntry,
  question: Question,
): Promise<UpstreamAnswer> {
  const begun = question.begun?.(entry.name);
  if (begun !== undefined) {
    return goOn(needs, settings, entry, question, begun);
  }
  const response = await sendQuestion(needs, settings, entry, question, {});
  return readResumable(needs, settings, entry, question, response);
}

/** Asks for what is missing; whatever else the upstream answers is an answer like any other. */
async function goOn(
  needs: AskNeeds,
  settings: AskSettings,
  entry: UpstreamEntry,
  question: Question,
  begun: Begun,
): Promise<UpstreamAnswer> {
  const response = await sendQuestion(needs, settings, entry, question, restHeaders(begun));
  if (response.status !== 206 && response.status !== 416) {
    return readResumable(needs, settings, entry, question, response);
  }
  const rest = response.status === 206 ? readRest(entry.name, response, begun) : undefined;
  if (rest === undefined || rest.outcome === 'failed') {
    // It does not fit, so there is nothing to go on with.
    if (rest === undefined) response.discard();
    return askHttp(needs, settings, entry, { ...question, begun: undefined });
  }
  const { validator, length } = begun;
  const resume: Resume = {
    validator,
    ask: async (position) =>
      askRest(needs, settings, entry, question, { validator, position, length }),
  };
  return {
    ...rest,
    outcome: 'found',
    upstream: entry.name,
    lastModified: response.headers['last-modified'],
    begun,
    resume,
  };
}

async function readResumable(
  needs: AskNeeds,
  settings: AskSettings,
  entry: UpstreamEntry,
  question: Question,
  response: HttpResponse,
): Promise<UpstreamAnswer> {
  const answer = await readResponse(entry, response, question.key);
  const validator = answer.outcome === 'found' ? strongValidator(response) : undefined;
  if (answer.outcome !== 'found' || validator === undefined) {
    return answer;
  }
  const { length } = answer;
  const resume: Resume = {
    validator,
    ask: async (position) =>
      askRest(needs, settings, entry, question, { validator, position, length }),
  };
  return { ...answer, resume };
}

/** Never throws for what an upstream can do wrong. */
async function askRest(
  needs: AskNeeds,
  settings: AskSettings,
  entry: UpstreamEntry,
  question: Question,
  wish: RestWish,
): Promise<Rest | Found | Failed> {
  try {
    const response = await sendQuestion(needs, settings, entry, question, restHeaders(wish));
    if (response.status === 206) {
      return readRest(entry.name, response, wish);
    }
    const answer = await readResumable(needs, settings, entry, question, response);
    return answer.outcome === 'absent'
      ? failed(entry.name, 'unavailable', `${entry.name} no longer has what it began to send`)
      : answer;
  } catch (error) {
    return explain(needs, entry, error);
  }
}

async function sendQuestion(
  needs: AskNeeds,
  settings: AskSettings,
  entry: UpstreamEntry,
  question: Question,
  extra: Readonly<Record<string, string>>,
): Promise<HttpResponse> {
  // `%` cannot occur in a key; the rest is legal in a path as it is (RFC 3986, pchar).
  const url = `${entry.base}/${question.key}`;
  const base = {
    via: question.via === undefined ? settings.via : `${question.via}, ${settings.via}`,
  };
  async function send(credentials: Readonly<Record<string, string>>): Promise<HttpResponse> {
    return needs.http.request({
      method: 'GET',
      url,
      headers: { ...base, ...extra, ...credentials },
      signal: question.signal,
      connectMilliseconds: settings.connectMilliseconds,
      headersMilliseconds: settings.headersMilliseconds,
      idleMilliseconds: settings.idleMilliseconds,
    });
  }
  const sent = (await needs.credentials?.headersFor(url)) ?? {};
  let response = await send(sent);
  if (response.status >= 400 && response.status < 500 && needs.credentials !== undefined) {
    const again = await needs.credentials.afterRefusal(
      url,
      response.status,
      response.headers,
      sent,
    );
    if (again !== undefined) {
      response.discard();
      response = await send(again);
    }
  }
  needs.count(entry.name, String(response.status));
  return response;
}

async function readResponse(
  entry: UpstreamEntry,
  response: HttpResponse,
  key: string,
): Promise<UpstreamAnswer> {
  const { status, headers } = response;
  if (status === 200) {
    if (response.encoded && key.endsWith('.zip')) {
      response.discard();
      // P-05: a zip is never content-coded; a CDN that does it breaks lengths and resumes.
      return failed(entry.name, 'invalid', `${entry.name} sent a zip with a content coding`);
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
  response.discard();
  const words = `${entry.name} answered ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd();
  const isRefusal = status === 401 || status === 403 || status === 407;
  return failed(
    entry.name,
    isRefusal ? 'refused' : status === 504 ? 'timeout' : 'unavailable',
    words,
    status,
    readRetryAfter(headers['retry-after']),
  );
}

async function readAbsence(
  entry: UpstreamEntry,
  response: HttpResponse,
  status: 404 | 410,
): Promise<Absent | Failed> {
  const pieces: Buffer[] = [];
  let size = 0;
  let broken: string | undefined;
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
    broken = error.message;
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
    : { ...failed(entry.name, 'unavailable', broken), brokenAbsence: absent };
}

/** Only the number form; an HTTP-date is rare here and a wrong clock would make it harmful. */
function readRetryAfter(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,6}$/u.test(value) ? Number(value) : undefined;
}
