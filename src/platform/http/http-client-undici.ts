import { toPortResponse } from './http-client-body.ts';
import { afterRedirect, redirectRefused } from './http-client-errors.ts';
import type { ExchangeResponse } from './http-client-exchange.ts';
import { firstHop, isRedirect, nextHop, REDIRECTS_MAXIMUM } from './http-client-redirect.ts';
import type { Hop } from './http-client-redirect.ts';
import { createRouter } from './http-client-route.ts';
import { createSender } from './http-client-sender.ts';
import type { HttpClient, HttpRequest, HttpResponse } from './http-client.ts';
import { isProgramError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { TrustStore } from '../trust-store.ts';

export interface HttpClientNeeds {
  /** Told once about proxy variables that are ignored. */
  readonly logger?: Logger | undefined;
  /** Shared with others that were made for the same environment. */
  readonly trust?: TrustStore | undefined;
}

export interface HttpClientSettings {
  /** For the User-Agent: `cofferdam/<version>`. */
  readonly version: string;
  /** Where proxies and trust stores are named; the process's own when absent. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Enough for every download of a large build at once; upstreams and forward proxies dislike more. */
  readonly connectionsPerOrigin?: number;
  /** How long a request may wait for one of those connections. */
  readonly queueMilliseconds?: number;
  /** Below the 75 s and more that servers keep idle connections for. */
  readonly keepAliveMilliseconds?: number;
  /** Bounds the header section of a response: real ones are below 4 KiB, Go stops at 10 MiB. */
  readonly headerBytes?: number;
  /** Follow redirects from elsewhere into this machine: loopback and link-local addresses. */
  readonly allowLocalRedirects?: boolean;
}

const DEFAULTS = {
  connectionsPerOrigin: 64,
  queueMilliseconds: 60_000,
  keepAliveMilliseconds: 60_000,
  headerBytes: 64 * 1024,
};

/** Upstreams are few; redirects of a hostile one must not grow the table for ever. */
const TOLD_MAXIMUM = 64;

/** Outgoing HTTP/1.1 on undici; proxies, trust stores and redirects as Go's net/http has them. */
export function createHttpClient(needs: HttpClientNeeds, settings: HttpClientSettings): HttpClient {
  const userAgent = `cofferdam/${settings.version}`;
  const environment = settings.environment ?? process.env;
  const router = createRouter(needs, { environment, userAgent });
  const sender = createSender(router, { ...DEFAULTS, ...settings, userAgent });
  const told = new Set<string>();

  /** An upstream that leads here is broken or means harm, and whoever runs this wants to know. */
  function follow(first: Hop, hop: Hop, location: string | undefined): Hop {
    try {
      return nextHop(first, hop, location, settings.allowLocalRedirects);
    } catch (error) {
      const isLocal = isProgramError(error) && error.code === 'http-redirect-local';
      if (isLocal && !told.has(first.url.host) && told.size < TOLD_MAXIMUM) {
        told.add(first.url.host);
        needs.logger?.error('an upstream redirects into this machine, which is not followed', {
          ...error.details,
          security: true,
        });
      }
      throw error;
    }
  }

  /** Where a redirect led, the host that was asked is not to blame, and is named all the same. */
  async function send(first: Hop, hop: Hop, request: HttpRequest): Promise<ExchangeResponse> {
    try {
      return await sender.send(hop, request);
    } catch (error) {
      throw hop.url.host === first.url.host ? error : afterRedirect(error, first.url.host);
    }
  }

  return {
    async request(request) {
      const first = firstHop(request.url, request.headers ?? {});
      let hop = first;
      for (let redirects = 0; ; redirects += 1) {
        const response = await send(first, hop, request);
        if (!isRedirect(response.status) || request.method === 'POST') {
          return toHttpResponse(response, hop, request);
        }
        response.discard();
        if (redirects === REDIRECTS_MAXIMUM) {
          throw redirectRefused(hop.url.host, `there were ${REDIRECTS_MAXIMUM} before it`);
        }
        hop = follow(first, hop, response.headers['location']);
        request.observeRedirect?.(hop.url.host);
      }
    },
    async close() {
      sender.close();
    },
  };
}

function toHttpResponse(response: ExchangeResponse, hop: Hop, request: HttpRequest): HttpResponse {
  const finalUrl = new URL(hop.url);
  finalUrl.search = '';
  return { finalUrl: finalUrl.href, ...toPortResponse(response, request, hop.url.host) };
}
