import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Planted, Scenario } from '../scenario.ts';
import type { World } from '../world/world.ts';
import { commandFor, consumer, DOWNLOAD } from './common.ts';

const PUBLIC = 'https://proxy.golang.org';

/** A forward proxy that answers every tunnel and every plain request with this status line. */
async function refusing(world: World, status: string): Promise<string> {
  const host = world.names.host('forward');
  const server = createServer((_, response) => {
    response.writeHead(Number(status.slice(0, 3))).end();
  });
  server.on('connect', (_: unknown, socket: Duplex) => {
    socket.on('error', () => socket.destroy());
    socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`);
  });
  const site = await world.sites.listen(world.address(true), 3128, server);
  world.dns.set(host, { a: site.address });
  return `http://${host}:3128`;
}

function behind(
  world: World,
  forward: string,
  evidence: RegExp,
  more: Partial<Planted> = {},
): Planted {
  return {
    files: consumer(world.names),
    env: { GOPROXY: PUBLIC, [world.names.pick(['HTTPS_PROXY', 'https_proxy'])]: forward },
    command: commandFor(world.names),
    evidence,
    target: forward,
    ...more,
  };
}

function refusal(
  id: string,
  name: string,
  statuses: readonly string[],
  evidence: RegExp,
  also?: readonly string[],
): Scenario {
  return {
    id,
    name,
    plant: async (world) => {
      const forward = await refusing(world, world.names.pick(statuses));
      return behind(world, forward, evidence, also === undefined ? {} : { also });
    },
  };
}

export const forwardProxy: readonly Scenario[] = [
  {
    id: 'http-proxy-unreachable',
    name: 'desktop-tool-in-a-container',
    plant: (world) =>
      behind(
        world,
        `http://127.0.0.1:${world.names.pick([7890, 1080, 3001])}`,
        /proxyconnect tcp: dial tcp \S+: connect: connection refused/u,
      ),
  },
  {
    id: 'http-proxy-unreachable',
    name: 'name-only-in-the-vpn',
    plant: (world) =>
      behind(
        world,
        `http://${world.names.host('forward')}:8080`,
        /proxyconnect tcp: dial tcp: lookup \S+ on \S+: no such host/u,
      ),
  },
  refusal(
    'http-proxy-auth',
    'connect-407',
    ['407 Proxy Authentication Required'],
    /Get "https:\S+": Proxy Authentication Required/u,
  ),
  {
    id: 'http-proxy-auth',
    name: 'plain-407',
    plant: async (world) => {
      const forward = await refusing(world, '407 Proxy Authentication Required');
      const host = world.names.host('proxy');
      return behind(world, forward, /reading http:\S+: 407 Proxy Authentication Required/u, {
        env: { GOPROXY: `http://${host}`, HTTP_PROXY: forward },
      });
    },
  },
  refusal('http-proxy-denied', 'connect-403', ['403 Forbidden'], /Get "https:\S+": Forbidden/u),
  refusal(
    'http-proxy-bad-gateway',
    'connect-502',
    ['502 Bad Gateway'],
    /Get "https:\S+": Bad Gateway/u,
  ),
  refusal(
    'http-proxy-bad-gateway',
    'connect-503',
    ['503 Service Unavailable', '504 Gateway Timeout'],
    /Get "https:\S+": (?:Service Unavailable|Gateway Timeout)/u,
  ),
  {
    id: 'http-proxy-connect-timeout',
    name: 'never-answers-connect',
    go: ['1.22.12', 'local', '1.15.15'],
    plant: async (world) => {
      const host = world.names.host('forward');
      const site = await world.sites.raw(world.address(true), 3128, (socket) => {
        socket.resume();
      });
      world.dns.set(host, { a: site.address });
      return behind(
        world,
        `http://${host}:3128`,
        /Get "https:\S+": (?:context deadline exceeded|net\/http: .*)/u,
        { command: DOWNLOAD },
      );
    },
  },
  {
    id: 'http-proxy-misconfigured',
    name: 'https-to-a-plain-proxy',
    plant: async (world) => {
      const forward = await refusing(world, '403 Forbidden');
      return behind(
        world,
        forward.replace('http:', 'https:'),
        /proxyconnect tcp: tls: first record does not look like a TLS handshake/u,
      );
    },
  },
  {
    id: 'http-proxy-misconfigured',
    name: 'scheme-twice',
    plant: (world) => {
      const host = world.names.host('forward');
      return behind(
        world,
        world.names.pick([`http://http://${host}:3128`, `http://ftp://${host}:3128`]),
        /(?:lookup (?:http|ftp)\b.*|invalid port .*|dial tcp :0.*)/u,
      );
    },
  },
  {
    id: 'no-proxy-missing',
    name: 'company-host-through-the-forward-proxy',
    plant: async (world) => {
      const forward = await refusing(world, world.names.pick(['403 Forbidden', '502 Bad Gateway']));
      const host = world.names.host('proxy');
      return behind(world, forward, /Get "https:\S+": (?:Forbidden|Bad Gateway)/u, {
        env: { GOPROXY: `https://${host}`, HTTPS_PROXY: forward },
        also: ['http-proxy-denied', 'http-proxy-bad-gateway'],
        target: host,
      });
    },
  },
];
