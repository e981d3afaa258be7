import { z } from 'zod';

/** One operation of the API, ready to be mounted and described. */
export interface ApiRoute {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/-/api/v1`, with its leading slash. */
  readonly path: string;
  /** A short name for programs that make clients from the description: `listRequests`. */
  readonly operation: string;
  readonly summary: string;
  readonly query: z.ZodObject;
  /** POST only: what the JSON body must be. */
  readonly body: z.ZodType | undefined;
  readonly result: z.ZodType;
  answer(raw: RawInput): Promise<ApiAnswer>;
}

/** As it came over the wire. */
export interface RawInput {
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export type ApiAnswer = { readonly kind: 'result'; readonly result: unknown } | ApiProblem;

/** A refusal with its reason: bad input, nothing there, or not possible now. */
export interface ApiProblem {
  readonly kind: 'problem';
  readonly status: 400 | 404 | 409 | 503;
  readonly cause: string;
}

export interface ApiRouteSettings<
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Result extends z.ZodType,
> {
  readonly method: ApiRoute['method'];
  readonly path: string;
  readonly operation: string;
  readonly summary: string;
  /** Values come as text: `z.coerce` for numbers. Unknown names are refused. */
  readonly query?: Query;
  readonly body?: Body;
  readonly result: Result;
  /** Gives the result, or a problem made by `apiProblem`. */
  answer(input: {
    readonly query: z.output<Query>;
    readonly body: z.output<Body>;
  }): Promise<z.input<Result> | ApiProblem>;
}

/** Makes an operation: its input is checked before `answer` sees it. */
export function apiRoute<
  Result extends z.ZodType,
  Query extends z.ZodObject = z.ZodObject<Record<string, never>>,
  Body extends z.ZodType = z.ZodUndefined,
>(settings: ApiRouteSettings<Query, Body, Result>): ApiRoute {
  const query = (settings.query ?? z.object({})).strict();
  const body: z.ZodType = settings.body ?? z.undefined();
  return {
    method: settings.method,
    path: settings.path,
    operation: settings.operation,
    summary: settings.summary,
    query,
    body: settings.body,
    result: settings.result,
    async answer(raw) {
      const asked = query.safeParse(raw.query);
      if (!asked.success) return apiProblem(400, wordsOf('the query', asked.error));
      const sent = body.safeParse(raw.body);
      if (!sent.success) return apiProblem(400, wordsOf('the body', sent.error));
      const input = { query: asked.data, body: sent.data } as Parameters<typeof settings.answer>[0];
      const result = await settings.answer(input);
      return isProblem(result) ? result : { kind: 'result', result };
    },
  };
}

export function apiProblem(status: ApiProblem['status'], cause: string): ApiProblem {
  return { kind: 'problem', status, cause };
}

const PROBLEM = z.object({ kind: z.literal('problem'), status: z.number(), cause: z.string() });

function isProblem(value: unknown): value is ApiProblem {
  return PROBLEM.safeParse(value).success;
}

/** The first thing that is wrong, with its place. */
function wordsOf(what: string, error: z.ZodError): string {
  const [issue] = error.issues;
  const place = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  const words = issue?.message ?? 'is not as described';
  return `${what} is wrong${place}: ${words}`.slice(0, MAXIMUM_CAUSE_CHARACTERS);
}

/** An error text has 640 bytes for all its lines (interface.md, Answers). */
const MAXIMUM_CAUSE_CHARACTERS = 200;
