import { Hono } from 'hono';
import type { Context } from 'hono';
import type { Random } from '../platform/index.ts';
import { mountApi } from './api/index.ts';
import type { ApiRoute } from './api/index.ts';

/** One part of the program that must work before requests are welcome. */
export interface Component {
  readonly name: string;
  /** Degraded: it does less than it should, and requests are answered all the same. */
  readonly status: 'ok' | 'degraded' | 'failing';
  /** What is wrong, and what to do; absent when nothing is. */
  readonly detail?: string;
}

export interface OperationsNeeds {
  readonly random: Random;
  readonly readiness: () => Promise<readonly Component[]>;
  readonly metrics: () => Promise<{ readonly text: string; readonly contentType: string }>;
}

export interface OperationsSettings {
  readonly version: string;
  /** What the JSON API can do. */
  readonly api: readonly ApiRoute[];
  /** Worker processes stand between clients and this one. */
  readonly isBehindFront?: boolean | undefined;
}

/** Everything under `/-/` that is not a GOPROXY base: health, metrics and API (interface.md section 3). */
export function createOperations(needs: OperationsNeeds, settings: OperationsSettings): Hono {
  const routes = new Hono();
  routes.use('*', async (context, next) => {
    context.header('Cofferdam-Trace', needs.random.bytes(16).toString('hex'));
    context.header('Cofferdam-Cache', 'bypass');
    context.header('Cache-Control', 'no-store');
    const { path, method: asked } = context.req;
    if (!path.startsWith('/-/api/') && asked !== 'GET' && asked !== 'HEAD') {
      context.header('Allow', 'GET, HEAD');
      const method = asked.slice(0, 20);
      const cause = `the method ${method} has no meaning here`;
      return context.text(textOf(cause, context.res.headers), 405);
    }
    return next();
  });
  routes.get('/-/healthz', (context) => context.text('ok\n'));
  routes.get('/-/readyz', async (context) => {
    const components = await needs.readiness();
    const isReady = components.every((component) => component.status !== 'failing');
    return context.json({ ready: isReady, components }, isReady ? 200 : 503);
  });
  routes.get('/-/metrics', async (context) => {
    const { text, contentType } = await needs.metrics();
    return context.body(text, 200, { 'Content-Type': contentType });
  });
  mountApi(routes, settings.api, { ...settings, refuse });
  routes.notFound((context) =>
    context.text(textOf('there is nothing here', context.res.headers), 404),
  );
  routes.onError((_error, context) =>
    context.text(textOf('this page failed by a bug of ours', context.res.headers), 500),
  );
  return routes;
}

const SEE = 'see /-/healthz, /-/readyz, /-/metrics and /-/api/v1/openapi.json';

function textOf(cause: string, headers: Headers, next = SEE): string {
  const trace = headers.get('Cofferdam-Trace') ?? '';
  return `${cause}\n${next}\ncofferdam: trace ${trace}\n`;
}

type RefusalStatus = Parameters<Parameters<typeof mountApi>[2]['refuse']>[1];

function refuse(context: Context, status: RefusalStatus, cause: string, next: string): Response {
  return context.text(textOf(cause, context.res.headers, next), status);
}
