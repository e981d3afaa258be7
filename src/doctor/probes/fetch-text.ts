import type { HttpStep } from '../../platform/http/index.ts';
import type { DoctorNeeds } from '../needs.ts';
import type { Patient } from '../patient/index.ts';
import { behindRedirect, explainHttpError } from '../explain-http-error.ts';
import type { HttpFailure } from '../explain-http-error.ts';
import { within } from './servers.ts';

/** What came of one small request, with the time of each step. */
export type Fetched =
  | {
      readonly kind: 'answer';
      readonly url: string;
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly text: string;
      /** What was kept of the body, which may have more bytes. */
      readonly content: Buffer;
      readonly bytes: number;
      readonly finalUrl: string;
      readonly milliseconds: Readonly<Record<string, number>>;
      readonly total: number;
      /** Of this machine when the headers came. */
      readonly receivedAt: number;
      readonly failure?: undefined;
    }
  | {
      readonly kind: 'failed';
      readonly url: string;
      readonly failure: HttpFailure;
      readonly milliseconds: Readonly<Record<string, number>>;
    };

export interface FetchOptions {
  /** Kept of the body. */
  readonly keepBytes?: number;
  /** Read of the body. */
  readonly limitBytes?: number;
}

/** A sound network connects within fractions of this; `go` itself would wait 30 s. */
const CONNECT_MILLISECONDS = 4000;
/** A proxy that has to fetch from its own upstream may take this long. */
const ANSWER_MILLISECONDS = 6000;
const IDLE_MILLISECONDS = 3000;

/** More of a list or a go.mod proves nothing more. */
const KEEP_BYTES = 64 * 1024;
const LIMIT_BYTES = 1024 * 1024;

export async function fetchText(
  { http, clock, authorize }: DoctorNeeds,
  patient: Patient,
  url: string,
  signal: AbortSignal,
  { keepBytes = KEEP_BYTES, limitBytes = LIMIT_BYTES }: FetchOptions = {},
): Promise<Fetched> {
  const milliseconds: Record<string, number> = {};
  const began = clock.monotonicMilliseconds();
  let ledTo: string | undefined;
  try {
    const response = await http.request({
      method: 'GET',
      url: withoutPlainSecrets(url),
      headers: await authorize(url),
      signal,
      connectMilliseconds: within(patient, CONNECT_MILLISECONDS),
      headersMilliseconds: within(patient, ANSWER_MILLISECONDS),
      idleMilliseconds: within(patient, IDLE_MILLISECONDS),
      observeRedirect(host) {
        ledTo = host;
      },
      observe: (step: HttpStep, spent: number) => {
        milliseconds[step] = Math.round((milliseconds[step] ?? 0) + spent);
      },
    });
    const receivedAt = clock.epochMilliseconds();
    const kept: Buffer[] = [];
    let bytes = 0;
    for await (const piece of response.body) {
      if (bytes < keepBytes) kept.push(piece);
      bytes += piece.length;
      if (bytes > limitBytes) break;
    }
    response.discard();
    const content = Buffer.concat(kept).subarray(0, keepBytes);
    return {
      kind: 'answer',
      url,
      status: response.status,
      headers: response.headers,
      text: content.toString('utf8', 0, KEEP_BYTES),
      content,
      bytes,
      finalUrl: response.finalUrl,
      milliseconds,
      total: Math.round(clock.monotonicMilliseconds() - began),
      receivedAt,
    };
  } catch (error) {
    signal.throwIfAborted();
    const failure = explainHttpError(error);
    if (failure === undefined) throw error;
    const told = behindRedirect(failure, new URL(url).host, ledTo);
    return { kind: 'failed', url, failure: told, milliseconds };
  }
}

/** `go` sends user info over https only, and the HTTP client refuses it otherwise. */
function withoutPlainSecrets(url: string): string {
  const parsed = new URL(url);
  if (parsed.protocol === 'http:') {
    parsed.username = '';
    parsed.password = '';
  }
  return parsed.href;
}

/** A page for people where a program asked. */
export function isWebPage({ text }: { readonly text: string }): boolean {
  return /^\s*</.test(text);
}

/** The first words of an answer, as proof. */
export function excerpt(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, 120);
}
