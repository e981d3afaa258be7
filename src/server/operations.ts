import { Hono } from 'hono';
import type { Random } from '../platform/index.ts';

/** One part of the program that must work before requests are welcome. */
export interface Component {
  readonly name: string;
  readonly status: 'ok' | 'failing';
  /** What is wrong, and what to do; absent when nothing is. */
  readonly detail?: string;
}

export interface OperationsNeeds {
  readonly random: Random;
  readonly readiness: () => Promise<readonly Component[]>;
  readonly metrics: () => Promise<{ readonly text: string; readonly contentType: string }>;
}

/** Everything under `/-/` that is not a GOPROXY base: health and metrics (interface.md section 3). */
export function createOperations(needs: OperationsNeeds): Hono {
  const routes = new Hono();
  routes.use('*', async (context, next) => {
    context.header('Cofferdam-Trace', needs.random.bytes(16).toString('hex'));
    context.header('Cofferdam-Cache', 'bypass');
    context.header('Cache-Control', 'no-store');
    if (context.req.method !== 'GET' && context.req.method !== 'HEAD') {
      context.header('Allow', 'GET, HEAD');
      const method = context.req.method.slice(0, 20);
      const cause = `the method ${method} has no meaning here`;
      return context.text(textOf(cause, context.res.headers), 405);
    }
    return next();
  });
  routes.get('/-/healthz', (context) => context.text('ok\n'));
  routes.get('/-/readyz', async (context) => {
    const components = await needs.readiness();
    const isReady = components.every((component) => component.status === 'ok');
    return context.json({ ready: isReady, components }, isReady ? 200 : 503);
  });
  routes.get('/-/metrics', async (context) => {
    const { text, contentType } = await needs.metrics();
    return context.body(text, 200, { 'Content-Type': contentType });
  });
  routes.notFound((context) =>
    context.text(textOf('there is nothing here', context.res.headers), 404),
  );
  routes.onError((_error, context) =>
    context.text(textOf('this page failed by a bug of ours', context.res.headers), 500),
  );
  return routes;
}

function textOf(cause: string, headers: Headers): string {
  const trace = headers.get('Cofferdam-Trace') ?? '';
  return `${cause}\nsee /-/healthz, /-/readyz and /-/metrics\ncofferdam: trace ${trace}\n`;
}
