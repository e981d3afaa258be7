import { z } from 'zod';
import { createDiagnoser, type Diagnosed, type DiagnosedLog } from '../failures/index.ts';
import { safeText, type Evidence, type Finding } from '../finding/index.ts';
import { ProgramError } from '../platform/index.ts';
import type { HttpClient } from '../platform/http/index.ts';
import { certainFinding } from './engine-cause.ts';
import { failureOfReason } from './failure-of-reason.ts';
import { createServerApi } from './server-api.ts';

const ANSWER_MILLISECONDS = 30_000;
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
  reason: z.string().optional(),
  attempts: z.array(ATTEMPT),
});
const ANSWER = z.object({ requests: z.array(REQUEST) });

type Recorded = z.infer<typeof REQUEST>;

/** What a server recorded of the requests of one trace: its own words, else read as a log would be. */
export async function diagnoseTrace(
  needs: { readonly http: HttpClient },
  { trace, server: url }: { readonly trace: string; readonly server: string },
): Promise<DiagnosedLog> {
  const server = createServerApi(needs, { url, answerMilliseconds: ANSWER_MILLISECONDS });
  const { base } = server;
  const answer = await server.ask(`requests?trace=${encodeURIComponent(trace)}`);
  const { requests: recorded } = server.read(ANSWER, answer);
  if (recorded.length === 0) {
    throw new ProgramError({
      code: 'trace-absent',
      kind: 'not-found',
      message: `the server at ${base} has no record of trace ${trace}`,
      hint: 'records are kept for 14 days; see that it is this server that answered the build',
    });
  }
  const failed = recorded.filter(({ status, reason }) => status >= 400 || reason !== undefined);
  const proof = recorded.slice(0, MOST_SHOWN).map((request) => evidence(base, request));
  const source = `trace ${trace}`;
  const certain = knownCause(failed, proof);
  if (certain !== undefined)
    return { ...NOTHING, source, outcome: 'diagnosed', findings: [certain] };
  const verdict = readAsLog(base, failed);
  const outcome =
    failed.length > 0 && verdict.outcome === 'no-failure' ? 'unknown-failure' : verdict.outcome;
  const [root, ...rest] = verdict.findings;
  const findings = root === undefined ? [] : [{ ...root, evidence: proof }, ...rest];
  return { ...verdict, source, outcome, findings };
}

/** What only a log has. */
const NOTHING = {
  failedAtLine: undefined,
  goVersion: undefined,
  clippedAtLine: undefined,
  lines: 0,
  bytes: 0,
} as const;

function knownCause(failed: readonly Recorded[], proof: readonly Evidence[]): Finding | undefined {
  for (const { cause = '', reason } of failed) {
    const id = failureOfReason(reason);
    if (id !== undefined) return certainFinding(id, cause, proof);
  }
  return undefined;
}

function readAsLog(base: string, failed: readonly Recorded[]): Diagnosed {
  const diagnosis = createDiagnoser().start({ source: base });
  diagnosis.write(Buffer.from(failed.map((request) => `${asLine(base, request)}\n`).join('')));
  return diagnosis.end();
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
