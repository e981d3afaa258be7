import { Hono } from 'hono';

/** One part of the program that must work before requests are welcome. */
export interface Component {
  readonly name: string;
  readonly status: 'ok' | 'failing';
  /** What is wrong, and what to do; absent when nothing is. */
  readonly detail?: string;
}

export interface OperationsNeeds {
  readonly readiness: () => Promise<readonly Component[]>;
  readonly metrics: () => Promise<{ readonly text: string; readonly contentType: string }>;
}

/** Everything under `/-/` that is not a GOPROXY base: health and metrics (interface.md section 3). */
export function createOperations(needs: OperationsNeeds): Hono {
  const routes = new Hono();
  routes.get('/-/healthz', (context) => context.text('ok\n'));
  routes.get('/-/readyz', async (context) => {
    const components = await needs.readiness();
    const isReady = components.every((component) => component.status === 'ok');
    context.header('Cache-Control', 'no-store');
    return context.json({ ready: isReady, components }, isReady ? 200 : 503);
  });
  routes.get('/-/metrics', async (context) => {
    const { text, contentType } = await needs.metrics();
    return context.body(text, 200, { 'Content-Type': contentType });
  });
  routes.notFound((context) =>
    context.text('there is nothing here; see /-/healthz, /-/readyz and /-/metrics\n', 404),
  );
  routes.onError((_error, context) => context.text('this page failed by a bug of ours\n', 500));
  return routes;
}
