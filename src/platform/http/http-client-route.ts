import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { domainToASCII } from 'node:url';
import { nameOf, openSocket, secureSocket } from './http-client-dial.ts';
import type { Dial, Endpoint } from './http-client-dial.ts';
import type { DialStep } from './http-client-errors.ts';
import { redirectIsLocal } from './http-client-errors.ts';
import { openSocksTunnel } from './http-client-socks.ts';
import { trustFailed } from './http-client-tls-errors.ts';
import { openTunnel } from './http-client-tunnel.ts';
import { bareHost, createForwardProxies, ignoredProxyVariables, portOf } from './forward-proxy.ts';
import type { ProxyAddress } from './forward-proxy-address.ts';
import { isLocalAddress } from './local-places.ts';
import { createTrustStore } from '../trust-store.ts';
import type { TrustStore } from '../trust-store.ts';
import type { Logger } from '../logger.ts';
import { ProgramError } from '../errors.ts';

/** How one URL is reached: what to dial and what to write. Routes with one key share connections. */
export interface Route {
  readonly key: string;
  /** Host and port, and the proxy when there is one: what errors name. */
  readonly where: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly dial: Dial;
}

/** `mustBeElsewhere`: not on this machine, whatever its name resolves to. */
export type Router = (url: URL, mustBeElsewhere: boolean) => Route;

export interface RouterNeeds {
  readonly logger?: Logger | undefined;
  /** One of its own when absent. */
  readonly trust?: TrustStore | undefined;
}

export interface RouterSettings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly userAgent: string;
}

interface Dialler {
  readonly trust: TrustStore;
  readonly userAgent: string;
}

interface Proxy {
  readonly scheme: string;
  readonly endpoint: Endpoint;
  readonly name: string;
  readonly user: ProxyAddress['user'];
}

export function createRouter(needs: RouterNeeds, settings: RouterSettings): Router {
  const proxies = createForwardProxies(settings.environment);
  const dialler: Dialler = {
    trust:
      needs.trust ??
      createTrustStore({ environment: settings.environment, platform: process.platform }),
    userAgent: settings.userAgent,
  };
  for (const variable of ignoredProxyVariables(settings.environment)) {
    needs.logger?.warn(
      'A forward proxy variable cannot be parsed and is ignored, as Go ignores it',
      {
        variable,
      },
    );
  }
  return (url, mustBeElsewhere) => {
    const address = proxies(url);
    return address === undefined
      ? directRoute(dialler, url, mustBeElsewhere)
      : proxiedRoute(dialler, url, usableProxy(address));
  };
}

function directRoute(dialler: Dialler, url: URL, mustBeElsewhere: boolean): Route {
  const target = endpointOf(url);
  return {
    ...originForm(url),
    key: `${mustBeElsewhere ? 'elsewhere' : 'direct'} ${url.protocol}//${nameOf(target)}`,
    where: nameOf(target),
    async dial(signal, enter) {
      const name = nameOf(target);
      const socket = await dialFirst(target, name, signal, 'connecting', enter);
      if (mustBeElsewhere && isLocalAddress(socket.remoteAddress ?? '')) {
        socket.destroy();
        throw redirectIsLocal('an upstream', name);
      }
      if (url.protocol === 'http:') {
        return socket;
      }
      enter('in the TLS handshake');
      return withTls(dialler, socket, target.host, name, signal);
    },
  };
}

function proxiedRoute(dialler: Dialler, url: URL, proxy: Proxy): Route {
  const target = endpointOf(url);
  const where = `${nameOf(target)} through ${proxy.name}`;
  const plainProxy = proxy.scheme !== 'socks5' && proxy.scheme !== 'socks5h';
  if (plainProxy && url.protocol === 'http:') {
    return {
      // One connection to the proxy serves every plain target.
      key: `forward ${proxy.scheme}://${nameOf(proxy.endpoint)}`,
      where,
      // RFC 9112, section 3.2.2: towards a proxy the whole URL is the request target.
      path: `http://${url.host}${url.pathname}${url.search}`,
      headers: { host: url.host, ...proxyCredentials(proxy) },
      dial: (signal, enter) => dialProxy(dialler, proxy, signal, enter),
    };
  }
  return {
    ...originForm(url),
    key: `tunnel ${proxy.scheme}://${nameOf(proxy.endpoint)} ${url.protocol}//${nameOf(target)}`,
    where,
    async dial(signal, enter) {
      const socket = await dialProxy(dialler, proxy, signal, enter);
      enter('waiting for the tunnel through the proxy');
      if (plainProxy) {
        const headers = { 'user-agent': dialler.userAgent, ...proxyCredentials(proxy) };
        await openTunnel(socket, { target, proxy: proxy.name, headers }, signal);
      } else {
        await openSocksTunnel(socket, { target, proxy: proxy.name, user: proxy.user }, signal);
      }
      if (url.protocol === 'http:') {
        return socket;
      }
      enter('in the TLS handshake');
      return withTls(dialler, socket, target.host, where, signal);
    },
  };
}

async function dialProxy(
  dialler: Dialler,
  proxy: Proxy,
  signal: AbortSignal,
  enter: (step: DialStep) => void,
): Promise<Socket> {
  const { endpoint, name } = proxy;
  const step = 'connecting to the proxy';
  const socket = await dialFirst(endpoint, name, signal, step, enter);
  if (proxy.scheme !== 'https') {
    return socket;
  }
  enter('in the TLS handshake with the proxy');
  return withTls(dialler, socket, proxy.endpoint.host, proxy.name, signal);
}

async function dialFirst(
  endpoint: Endpoint,
  where: string,
  signal: AbortSignal,
  step: DialStep,
  enter: (step: DialStep) => void,
): Promise<Socket> {
  if (isIP(endpoint.host) === 0) {
    enter('looking up the name');
  } else {
    enter(step);
  }
  return openSocket(endpoint, where, signal, () => {
    enter(step);
  });
}

async function withTls(
  dialler: Dialler,
  socket: Socket,
  host: string,
  where: string,
  signal: AbortSignal,
): Promise<Socket> {
  let context: SecureContext;
  try {
    context = await dialler.trust.context();
  } catch (error) {
    socket.destroy();
    throw trustFailed(where, error);
  }
  return secureSocket(socket, host, where, context, signal);
}

function originForm(url: URL): Pick<Route, 'path' | 'headers'> {
  return { path: `${url.pathname}${url.search}`, headers: { host: url.host } };
}

function endpointOf(url: URL): Endpoint {
  return { host: bareHost(url), port: Number(portOf(url)) };
}

const PROXY_PORTS: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  socks5: 1080,
  socks5h: 1080,
};

/** An address that Go accepts may still lead nowhere; Go then fails at dialling, and less clearly. */
function usableProxy(address: ProxyAddress): Proxy {
  const port = address.port === '' ? PROXY_PORTS[address.scheme] : Number(address.port);
  const host = domainToASCII(address.host) || address.host;
  if (host === '' || port === undefined || port === 0 || port > 65_535) {
    throw new ProgramError({
      code: 'http-proxy-refused',
      kind: 'bad-input',
      message: 'HTTP_PROXY or HTTPS_PROXY names no host and port that can be connected to',
      hint: 'Write it as http://host:port, https://host:port or socks5://host:port.',
    });
  }
  const endpoint = { host, port };
  return {
    scheme: address.scheme,
    endpoint,
    name: `the proxy ${nameOf(endpoint)}`,
    user: address.user,
  };
}

function proxyCredentials(proxy: Proxy): Readonly<Record<string, string>> {
  if (proxy.user === undefined) {
    return {};
  }
  const text = `${proxy.user.name}:${proxy.user.password}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(text, 'utf8').toString('base64')}` };
}
