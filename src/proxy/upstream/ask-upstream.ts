import { isProgramError } from '../../platform/index.ts';
import type { Clock, Files, ProgramError, Random } from '../../platform/index.ts';
import type { HttpClient, HttpResponse } from '../../platform/http/index.ts';
import type { HealthRegister } from '../health/index.ts';
import { failed, failedBy } from './answer.ts';
import type { Begun, Failed, FailureKind, Found, Rest, Resume, UpstreamAnswer } from './answer.ts';
import { askTree } from './ask-tree.ts';
import type { Credentials } from './credentials.ts';
import { readResponse } from './read-response.ts';
import type { Asked } from './read-response.ts';
import { readRest, restHeaders, strongValidator } from './resume.ts';
import type { RestWish } from './resume.ts';
import { isPassing } from './retry-plan.ts';
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

/** Trouble that is the same on the next try, unlike a connection that failed. */
const KINDS: Readonly<Record<string, FailureKind>> = {
  offline: 'offline',
  'http-redirect-local': 'invalid',
  'http-redirect-refused': 'invalid',
  'http-tls-failed': 'invalid',
};

/** Where somebody must mend something first, and the error knows what. */
const HINTED: ReadonlySet<string> = new Set([
  'http-tls-failed',
  'http-connect-failed',
  'http-redirect-local',
]);

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
  const kind = kindOf(error);
  needs.count(entry.name, kind);
  const { hint } = error;
  return {
    ...failedBy(entry.name, kind, error),
    ...(hint !== undefined && HINTED.has(error.code) ? { hint } : {}),
  };
}

function kindOf({ kind, code, details }: ProgramError): FailureKind {
  // A forward proxy that refuses the tunnel refuses it again.
  const { status } = details;
  const isRefused = typeof status === 'number' && status >= 400 && status < 500;
  if (code === 'http-connect-failed' && isRefused && !isPassing(status)) {
    return 'refused';
  }
  return kind === 'timeout' ? 'timeout' : (KINDS[code] ?? 'unavailable');
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
  const asked = await sendQuestion(needs, settings, entry, question, {});
  return readResumable(needs, settings, entry, question, asked);
}

/** Asks for what is missing; whatever else the upstream answers is an answer like any other. */
async function goOn(
  needs: AskNeeds,
  settings: AskSettings,
  entry: UpstreamEntry,
  question: Question,
  begun: Begun,
): Promise<UpstreamAnswer> {
  const asked = await sendQuestion(needs, settings, entry, question, restHeaders(begun));
  const { response } = asked;
  if (response.status !== 206 && response.status !== 416) {
    return readResumable(needs, settings, entry, question, asked);
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
  asked: Asked,
): Promise<UpstreamAnswer> {
  const answer = await readResponse(needs.clock, entry, asked, question.key);
  const validator = answer.outcome === 'found' ? strongValidator(asked.response) : undefined;
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
    const asked = await sendQuestion(needs, settings, entry, question, restHeaders(wish));
    if (asked.response.status === 206) {
      return readRest(entry.name, asked.response, wish);
    }
    const answer = await readResumable(needs, settings, entry, question, asked);
    return answer.outcome === 'absent'
      ? failed(entry.name, {
          kind: 'unavailable',
          reason: 'body-changed',
          message: `${entry.name} no longer has what it began to send`,
        })
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
): Promise<Asked> {
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
  let sent = (await needs.credentials?.headersFor(url)) ?? {};
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
      sent = { ...sent, ...again };
    }
  }
  needs.count(entry.name, String(response.status));
  return { response, credentials: sent };
}
