import type { HttpClient } from '../platform/http/index.ts';
import type { Clock, ErrorKind } from '../platform/index.ts';
import { ProgramError } from '../platform/index.ts';
import type { StoreCare } from '../proxy/index.ts';
import { storeSchemas } from '../server/index.ts';
import type { StoreTask } from '../server/index.ts';

/** Between two questions how far a task has come: soon enough for a small store. */
const ASK_AGAIN_MILLISECONDS = 250;
const CONNECT_MILLISECONDS = 10_000;
/** Looking through a store of 100,000 versions takes the server some seconds, on a slow disk a minute. */
const ANSWER_MILLISECONDS = 300_000;
/** A report with all its findings is below a mebibyte. */
const MAXIMUM_BYTES = 16 * 1024 * 1024;

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** The store of a running server, through its API. */
export function createRemoteStore(
  needs: { readonly http: HttpClient; readonly clock: Clock },
  settings: { readonly url: string },
): StoreCare {
  const base = baseOf(settings.url);

  async function ask(path: string, body?: object): Promise<Answer> {
    const response = await needs.http.request({
      ...(body === undefined
        ? { method: 'GET' }
        : { method: 'POST', body: Buffer.from(JSON.stringify(body)) }),
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      url: `${base}/-/api/v1/store/${path}`,
      signal: new AbortController().signal,
      connectMilliseconds: CONNECT_MILLISECONDS,
      headersMilliseconds: ANSWER_MILLISECONDS,
      idleMilliseconds: CONNECT_MILLISECONDS,
    });
    const pieces: Buffer[] = [];
    let size = 0;
    for await (const piece of response.body) {
      size += piece.length;
      if (size > MAXIMUM_BYTES) throw strange(base, 'its answer is too large');
      pieces.push(piece);
    }
    return { status: response.status, text: Buffer.concat(pieces).toString() };
  }

  function read<T>(schema: Schema<T>, answer: Answer): T {
    if (answer.status !== 200) throw refused(base, answer);
    const parsed = schema.safeParse(parseJson(base, answer.text));
    if (parsed.success) return parsed.data;
    throw strange(base, 'its answer is not as described');
  }

  /** Begins a task and waits for its end. */
  async function finish(
    kind: StoreTask['kind'],
    { dryRun, progress, signal }: Parameters<StoreCare['verify']>[0],
  ): Promise<StoreTask> {
    const begun = await ask(kind, { dryRun });
    if (begun.status === 409) throw busy(base, begun);
    let task = read(storeSchemas.task, begun);
    while (task.state === 'running') {
      await needs.clock.sleep(ASK_AGAIN_MILLISECONDS, signal);
      task = read(storeSchemas.task, await ask(`task?id=${encodeURIComponent(task.id)}`));
      progress?.(task);
    }
    if (task.problem === undefined) return task;
    const { code, message, hint = '' } = task.problem;
    if (code === undefined) throw new Error(`the server said: ${message}`);
    throw new ProgramError({ code, kind: 'conflict', message, hint });
  }

  return {
    stats: async () => read(storeSchemas.stats, await ask('stats')),
    async verify(options) {
      const { verify } = await finish('verify', options);
      if (verify === undefined) throw strange(base, 'its report is missing');
      return verify;
    },
    async collectGarbage(options) {
      const { gc } = await finish('gc', options);
      if (gc === undefined) throw strange(base, 'its report is missing');
      return gc;
    },
    purge: async (wish) => read(storeSchemas.purge, await ask('purge', wish)),
    async refresh(path) {
      const answer = await ask('refresh', { path });
      if (answer.status === 400 || answer.status === 409) {
        const reason = answer.status === 400 ? 'malformed' : 'unasked';
        return { kind: 'refused', reason, problem: firstLine(answer) };
      }
      return { kind: 'refreshed', ...read(storeSchemas.refresh, answer) };
    },
  };
}

interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false };
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

function parseJson(base: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw strange(base, 'its answer is not JSON');
  }
}

function firstLine({ text, status }: Answer): string {
  return (text.split('\n')[0] ?? '').slice(0, 300) || `status ${status}`;
}

const KINDS: Readonly<Record<number, ErrorKind>> = {
  400: 'bad-input',
  403: 'denied',
  404: 'not-found',
  409: 'conflict',
};

/** Its own code, as where the store is ours: it is the one refusal that waiting mends. */
function busy(base: string, answer: Answer): ProgramError {
  return new ProgramError({
    code: 'store-busy',
    kind: 'conflict',
    message: `the server at ${base} refused: ${firstLine(answer)}`,
    hint: 'try again when it has ended; a scrub of a large store may take an hour',
  });
}

function refused(base: string, answer: Answer): ProgramError {
  return new ProgramError({
    code: 'server-refused',
    kind: KINDS[answer.status] ?? 'unavailable',
    message: `the server at ${base} refused: ${firstLine(answer)}`,
    hint: answer.text.split('\n')[1] ?? '',
  });
}

function strange(base: string, problem: string): ProgramError {
  return new ProgramError({
    code: 'server-not-understood',
    kind: 'unavailable',
    message: `the server at ${base} is not understood: ${problem}`,
    hint: 'see that a cofferdam serve of this version answers there',
  });
}
