import { z } from 'zod';
import { createDiagnoser, type DiagnosedLog } from '../failures/index.ts';
import { safeText, type Evidence } from '../finding/index.ts';
import { ProgramError } from '../platform/index.ts';
import type { HttpClient } from '../platform/http/index.ts';
import { certainFinding, idOfCause } from './engine-cause.ts';

const CONNECT_MILLISECONDS = 10_000;
const ANSWER_MILLISECONDS = 30_000;
/** A thousand records with their attempts are below. */
const MAXIMUM_BYTES = 16 * 1024 * 1024;
/** One request and what it led to; more share a trace only where a client made them do so. */
const MOST_SHOWN = 20;

const ATTEMPT = z.object({ upstream: z.string(), outcome: z.string(), milliseconds: z.number() });
const REQUEST = z.object({
  time: z.string(),
  method: z.string(),
  path: z.string(),
  module: z.string().optional(),
  version: z.string().optional(),
  status: z.number(),
  milliseconds: z.number().optional(),
  cause: z.string().optional(),
  attempts: z.array(ATTEMPT),
});
const ANSWER = z.object({ requests: z.array(REQUEST) });

type Recorded = z.infer<typeof REQUEST>;

/** What a server recorded of the requests of one trace, read as the log of a build would be. */
export async function diagnoseTrace(
  { http }: { readonly http: HttpClient },
  { trace, server }: { readonly trace: string; readonly server: string },
): Promise<DiagnosedLog> {
  const base = originOf(server);
  const recorded = await ask(http, base, trace);
  if (recorded.length === 0) {
    throw new ProgramError({
      code: 'trace-absent',
      kind: 'not-found',
      message: `the server at ${base} has no record of trace ${trace}`,
      hint: 'records are kept for 14 days; see that it is this server that answered the build',
    });
  }
  const failed = recorded.filter(({ status }) => status >= 400);
  const text = failed.map((request) => `${asLine(base, request)}\n`).join('');
  const diagnosis = createDiagnoser().start({ source: base });
  diagnosis.write(Buffer.from(text));
  const verdict = diagnosis.end();
  const outcome =
    failed.length > 0 && verdict.outcome === 'no-failure' ? 'unknown-failure' : verdict.outcome;
  const proof = recorded.slice(0, MOST_SHOWN).map((request) => evidence(base, request));
  const cause = failed.map((one) => one.cause ?? '').find((one) => idOfCause(one) !== undefined);
  const id = idOfCause(cause ?? '');
  const certain = id === undefined ? undefined : certainFinding(id, cause ?? '', proof);
  if (certain !== undefined) {
    return { ...verdict, source: `trace ${trace}`, outcome: 'diagnosed', findings: [certain] };
  }
  const [root, ...rest] = verdict.findings;
  const findings = root === undefined ? [] : [{ ...root, evidence: proof }, ...rest];
  return { ...verdict, source: `trace ${trace}`, outcome, findings };
}

function asLine(base: string, { path, status, module, version, cause = '' }: Recorded): string {
  const what = version === undefined ? (module ?? 'module') : `${module ?? 'module'}@${version}`;
  return `go: ${what}: reading ${base}${path}: ${status} ${cause}`;
}

function evidence(base: string, request: Recorded): Evidence {
  const { time, method, path, status, milliseconds, cause, attempts } = request;
  const tried = summarise(attempts);
  const took = milliseconds === undefined ? '' : ` in ${Math.round(milliseconds)} ms`;
  const parts = [`${method} ${path} answered ${status}${took} at ${time}`, cause ?? '', ...tried];
  const text = parts.filter((part) => part !== '').join('; ');
  return { kind: 'request', text: safeText(text), source: base };
}

/** Twelve tries that failed alike are one fact. */
function summarise(attempts: Recorded['attempts']): readonly string[] {
  const counts = new Map<string, { count: number; milliseconds: number }>();
  for (const { upstream, outcome, milliseconds } of attempts) {
    const key = `${upstream}: ${outcome}`;
    const known = counts.get(key) ?? { count: 0, milliseconds: 0 };
    counts.set(key, { count: known.count + 1, milliseconds: known.milliseconds + milliseconds });
  }
  return [...counts].map(([key, { count, milliseconds }]) => {
    const often = count === 1 ? '' : `${count} times, `;
    return `${key} (${often}${Math.round(milliseconds)} ms)`;
  });
}

async function ask(http: HttpClient, base: string, trace: string): Promise<readonly Recorded[]> {
  const response = await http.request({
    method: 'GET',
    headers: { accept: 'application/json' },
    url: `${base}/-/api/v1/requests?trace=${trace}`,
    signal: new AbortController().signal,
    connectMilliseconds: CONNECT_MILLISECONDS,
    headersMilliseconds: ANSWER_MILLISECONDS,
    idleMilliseconds: CONNECT_MILLISECONDS,
  });
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of response.body) {
    size += piece.length;
    if (size > MAXIMUM_BYTES) throw strange(base);
    pieces.push(piece);
  }
  const text = Buffer.concat(pieces).toString();
  if (response.status !== 200) {
    throw new ProgramError({
      code: 'server-refused',
      kind: response.status === 403 ? 'denied' : 'unavailable',
      message: `the server at ${base} refused: ${safeText((text.split('\n')[0] ?? '').slice(0, 300)) || `status ${response.status}`}`,
      hint: 'ask it from where its API may be read',
    });
  }
  const read = ANSWER.safeParse(parseJson(text));
  if (!read.success) throw strange(base);
  return read.data.requests;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function strange(base: string): ProgramError {
  return new ProgramError({
    code: 'server-not-understood',
    kind: 'unavailable',
    message: `the server at ${base} is not understood: its answer is not as described`,
    hint: 'see that a cofferdam serve of this version answers there',
  });
}

function originOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isWeb = parsed?.protocol === 'http:' || parsed?.protocol === 'https:';
  if (isWeb && parsed.username === '' && parsed.password === '') return parsed.origin;
  throw new ProgramError({
    code: 'server-url-malformed',
    kind: 'bad-input',
    message: '--server wants the address of a cofferdam serve, without a path or credentials',
    hint: 'write it as the server printed it, such as http://127.0.0.1:8080',
  });
}
