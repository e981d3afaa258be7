import type { Context, Hono, Next } from 'hono';
import { CLIENT_HEADER } from '../front/index.ts';
import { API_BASE, describeApi } from './describe.ts';
import { refuseUnsafe } from './guard.ts';
import type { ApiRoute } from './route.ts';

/** What an operation takes is a few fields; a larger body is a mistake or an attack. */
const MAXIMUM_BODY_BYTES = 64 * 1024;

export interface ApiSettings {
  readonly version: string;
  /** Requests come from worker processes of ours, which say who their client is. */
  readonly isBehindFront?: boolean | undefined;
  /** Writes a refusal in the form of all our errors. */
  readonly refuse: (context: Context, status: ApiStatus, cause: string, next: string) => Response;
}

export type ApiStatus = 400 | 403 | 404 | 405 | 409 | 413 | 415 | 503;

const SEE = `see ${API_BASE}/openapi.json`;

/** Mounts the routes and their description. Whoever may not ask is refused before anything is read. */
export function mountApi(app: Hono, routes: readonly ApiRoute[], settings: ApiSettings): void {
  const description = describeApi(routes, settings.version);
  app.use(`${API_BASE}/*`, async (context: Context, next: Next) => {
    context.header('X-Content-Type-Options', 'nosniff');
    context.header('Cross-Origin-Resource-Policy', 'same-origin');
    const refused = refuseUnsafe(guarded(context, settings.isBehindFront === true));
    return refused === undefined
      ? next()
      : settings.refuse(context, refused.status, refused.cause, refused.next);
  });
  app.get(`${API_BASE}/openapi.json`, (context) => context.json(description));
  for (const route of routes) {
    app.on(route.method, `${API_BASE}${route.path}`, async (context) => {
      const body = route.body === undefined ? undefined : await readJson(context);
      if (isUnreadable(body)) return settings.refuse(context, body.status, body.cause, SEE);
      const answer = await route.answer({ query: context.req.query(), body });
      return answer.kind === 'result'
        ? context.json(answer.result)
        : settings.refuse(context, answer.status, answer.cause, SEE);
    });
  }
  app.all(`${API_BASE}/*`, (context) => {
    const { path } = context.req;
    const methods = routes.filter((route) => `${API_BASE}${route.path}` === path);
    if (methods.length === 0) {
      return settings.refuse(context, 404, 'there is no such operation', SEE);
    }
    context.header('Allow', methods.map((route) => route.method).join(', '));
    return settings.refuse(context, 405, 'this operation has another method', SEE);
  });
}

interface Unreadable {
  readonly unreadable: true;
  readonly status: 400 | 413 | 415;
  readonly cause: string;
}

function unreadable(status: Unreadable['status'], cause: string): Unreadable {
  return { unreadable: true, status, cause };
}

function isUnreadable(body: unknown): body is Unreadable {
  return typeof body === 'object' && body !== null && 'unreadable' in body;
}

/** A form of a web page cannot send this type without asking first (Fetch 2.2.2). */
async function readJson(context: Context): Promise<unknown> {
  const type = context.req.header('content-type') ?? '';
  if (!/^application\/json\s*(?:;|$)/iu.test(type)) {
    return unreadable(415, 'the body must be application/json');
  }
  const pieces: Uint8Array[] = [];
  let size = 0;
  const body: ReadableStream<Uint8Array> | null = context.req.raw.body;
  for await (const piece of body ?? []) {
    size += piece.length;
    if (size > MAXIMUM_BODY_BYTES) {
      return unreadable(413, `the body has more than ${MAXIMUM_BODY_BYTES} bytes`);
    }
    pieces.push(piece);
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(pieces).toString('utf8'));
    return isUnreadable(value) ? unreadable(400, 'the body is not as described') : value;
  } catch {
    return unreadable(400, 'the body is not JSON');
  }
}

/** What @hono/node-server puts beside a request. */
interface NodeBinding {
  readonly incoming?: {
    readonly socket?: { readonly remoteAddress?: string | undefined };
    readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  };
}

function guarded(context: Context, isBehindFront: boolean): Parameters<typeof refuseUnsafe>[0] {
  const { incoming } = (context.env ?? {}) as NodeBinding;
  function header(name: string): string | undefined {
    const headers = incoming?.headers ?? {};
    const value = headers[name] ?? (name === 'host' ? headers[':authority'] : undefined);
    return typeof value === 'string' ? value : value?.[0];
  }
  return {
    method: context.req.method,
    client: isBehindFront ? header(CLIENT_HEADER) : incoming?.socket?.remoteAddress,
    header,
  };
}
