import type { Socket } from 'node:net';
import { nameOf, openSocket, secureSocket } from './http-client-dial.ts';
import type { Endpoint } from './http-client-dial.ts';
import { createTrustStore } from './trust-store.ts';
import type { Meter } from './meter.ts';

/** How one URL is reached: what to dial and what to write. Routes with one key share connections. */
export interface Route {
  readonly key: string;
  /** Host and port, and the proxy when there is one: what errors name. */
  readonly where: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  dial(signal: AbortSignal): Promise<Socket>;
}

export interface Router {
  route(url: URL): Route;
}

export interface RouterSettings {
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export function createRouter(needs: { readonly meter?: Meter }, settings: RouterSettings): Router {
  const trust = createTrustStore({ environment: settings.environment, platform: process.platform });
  const opened = needs.meter
    ?.counter('cofferdam_upstream_connections_total', 'Outgoing connections opened.')
    .with();
  return {
    route(url) {
      const target = endpointOf(url);
      const secure = url.protocol === 'https:';
      const where = nameOf(target);
      return {
        key: `${url.protocol}//${where}`,
        where,
        path: `${url.pathname}${url.search}`,
        headers: { host: url.host },
        async dial(signal) {
          const context = secure ? await trust.context() : undefined;
          const socket = await openSocket(target, signal);
          opened?.add();
          return context === undefined ? socket : secureSocket(socket, target, context, signal);
        },
      };
    },
  };
}

function endpointOf(url: URL): Endpoint {
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port };
}
