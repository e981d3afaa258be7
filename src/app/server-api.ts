import type { HttpClient } from '../platform/http/index.ts';
import { safeText } from '../finding/index.ts';
import type { ErrorKind } from '../platform/index.ts';
import { ProgramError } from '../platform/index.ts';

const CONNECT_MILLISECONDS = 10_000;
/** A report with all its findings is below a mebibyte, a thousand records with their attempts too. */
const MAXIMUM_BYTES = 16 * 1024 * 1024;
const MAXIMUM_WORDS = 300;

export interface ServerAnswer {
  readonly status: number;
  readonly text: string;
}

/** The JSON API of a running `cofferdam serve`, from outside. */
export interface ServerApi {
  /** Scheme, host and port. */
  readonly base: string;
  /** `path` is below `/-/api/v1/`; with a body it is a POST. */
  ask(path: string, body?: object): Promise<ServerAnswer>;
  /** What a good answer holds. Throws `server-refused` and `server-not-understood`. */
  read<T>(schema: Schema<T>, answer: ServerAnswer): T;
  strange(problem: string): ProgramError;
}

interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false };
}

export function createServerApi(
  needs: { readonly http: HttpClient },
  settings: { readonly url: string; readonly answerMilliseconds: number },
): ServerApi {
  const base = baseOf(settings.url);

  async function ask(path: string, body?: object): Promise<ServerAnswer> {
    const response = await needs.http.request({
      ...(body === undefined
        ? { method: 'GET' }
        : { method: 'POST', body: Buffer.from(JSON.stringify(body)) }),
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      url: `${base}/-/api/v1/${path}`,
      signal: new AbortController().signal,
      connectMilliseconds: CONNECT_MILLISECONDS,
      headersMilliseconds: settings.answerMilliseconds,
      idleMilliseconds: CONNECT_MILLISECONDS,
    });
    const pieces: Buffer[] = [];
    let size = 0;
    for await (const piece of response.body) {
      size += piece.length;
      if (size > MAXIMUM_BYTES) throw strange('its answer is too large');
      pieces.push(piece);
    }
    return { status: response.status, text: Buffer.concat(pieces).toString() };
  }

  function strange(problem: string): ProgramError {
    return new ProgramError({
      code: 'server-not-understood',
      kind: 'unavailable',
      message: `the server at ${base} is not understood: ${problem}`,
      hint: 'see that a cofferdam serve of this version answers there',
    });
  }

  function parseJson(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      throw strange('its answer is not JSON');
    }
  }

  return {
    base,
    ask,
    strange,
    read(schema, answer) {
      if (answer.status !== 200) throw refused(base, answer);
      const parsed = schema.safeParse(parseJson(answer.text));
      if (parsed.success) return parsed.data;
      throw strange('its answer is not as described');
    },
  };
}

/** What a server says in the first line of a refusal. */
export function firstLine({ text, status }: ServerAnswer): string {
  return safeText((text.split('\n')[0] ?? '').slice(0, MAXIMUM_WORDS)) || `status ${status}`;
}

function baseOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isRight =
    (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') &&
    parsed.username === '' &&
    parsed.password === '' &&
    parsed.pathname === '/' &&
    parsed.search === '';
  if (isRight) return parsed.origin;
  throw new ProgramError({
    code: 'server-url-malformed',
    kind: 'bad-input',
    message: '--server wants the address of a cofferdam serve, without a path or credentials',
    hint: 'write it as the server printed it, such as http://127.0.0.1:8080',
  });
}

const KINDS: Readonly<Record<number, ErrorKind>> = {
  400: 'bad-input',
  403: 'denied',
  404: 'not-found',
  409: 'conflict',
};

function refused(base: string, answer: ServerAnswer): ProgramError {
  return new ProgramError({
    code: 'server-refused',
    kind: KINDS[answer.status] ?? 'unavailable',
    message: `the server at ${base} refused: ${firstLine(answer)}`,
    hint: safeText((answer.text.split('\n')[1] ?? '').slice(0, MAXIMUM_WORDS)),
  });
}
