import type { Planted, Scenario } from '../scenario.ts';
import type { Names } from '../world/names.ts';
import { NO_ROUTE, SILENT } from '../world/namespace.ts';
import type { World } from '../world/world.ts';
import { commandFor, consumer, DOWNLOAD } from './common.ts';

/** A build that asks `host` alone for its modules, and what then must be in the log. */
export function asking(
  names: Names,
  host: string,
  evidence: RegExp,
  more: Partial<Planted> = {},
): Planted {
  return {
    files: consumer(names),
    env: { GOPROXY: `https://${host}` },
    command: commandFor(names),
    evidence,
    target: host,
    ...more,
  };
}

/** Public or a company's, by the seed. */
export function anyProxy({ names }: World): string {
  return names.pick(['proxy.golang.org', names.host('proxy'), names.host('proxy')]);
}

function through(
  id: string,
  name: string,
  plant: (world: World, host: string) => Planted | Promise<Planted>,
): Scenario {
  return { id, name, plant: (world) => plant(world, anyProxy(world)) };
}

export const network: readonly Scenario[] = [
  {
    id: 'dns-no-such-host',
    name: 'company-proxy-unknown',
    plant: (world) => {
      const host = world.names.host('proxy');
      return asking(world.names, host, /lookup \S+ on \S+:53: no such host/u);
    },
  },
  {
    id: 'dns-no-such-host',
    name: 'public-mirror-unknown',
    plant: ({ names }) =>
      asking(names, 'proxy.golang.org', /lookup proxy\.golang\.org on \S+:53: no such host/u, {
        retry: 'transient-then-permanent',
      }),
  },
  through('dns-timeout', 'dropped-queries', ({ names, dns }, host) => {
    dns.set(host, 'silent');
    return asking(names, host, /lookup \S+ on \S+:53: read udp \S+->\S+:53: i\/o timeout/u, {
      command: DOWNLOAD,
    });
  }),
  {
    id: 'dns-timeout',
    name: 'resolver-behind-a-filter',
    plant: ({ names }) =>
      asking(names, 'proxy.golang.org', /(?:read udp \S+->\S+:53: |lookup \S+: )i\/o timeout/u, {
        resolvers: `nameserver ${SILENT}.${names.random.whole(200)}.8\n`,
        also: ['dns-dial-budget'],
      }),
  },
  {
    id: 'dns-dial-budget',
    name: 'three-silent-resolvers',
    go: ['1.15.15', '1.19.13', '1.22.12', '1.24.9', 'local'],
    plant: ({ names }) =>
      asking(names, 'proxy.golang.org', /dial tcp: (?:lookup \S+: )?i\/o timeout/u, {
        resolvers:
          [4, 5, 6].map((last) => `nameserver ${SILENT}.0.${last}\n`).join('') +
          'options timeout:20 attempts:3\n',
        command: DOWNLOAD,
        also: ['dns-timeout'],
      }),
  },
  through('dns-server-misbehaving', 'servfail', ({ names, dns }, host) => {
    dns.set(host, 'servfail');
    return asking(names, host, /lookup \S+ on \S+:53: server misbehaving/u);
  }),
  through('dns-server-misbehaving', 'refused', ({ names, dns }, host) => {
    dns.set(host, 'refused');
    return asking(names, host, /lookup \S+ on \S+:53: server misbehaving/u);
  }),
  through('dns-server-unreachable', 'empty-resolv-conf', ({ names }, host) =>
    asking(names, host, /lookup \S+ on \S+:53: read udp \S+->\S+:53: read: connection refused/u, {
      resolvers: '# empty\n',
    }),
  ),
  through('dns-server-unreachable', 'stub-resolver-copied', ({ names }, host) =>
    asking(
      names,
      host,
      /lookup \S+ on \S+:53: (?:read udp|dial udp) .*(?:connection refused|no route to host)/u,
      {
        resolvers: `nameserver ${names.pick(['127.0.0.53', `${NO_ROUTE}.53`])}\noptions edns0\n`,
      },
    ),
  ),
  through('tcp-dial-timeout', 'dropped-packets', ({ names, dns }, host) => {
    dns.set(host, { a: `${SILENT}.${names.random.whole(250)}.12` });
    return asking(
      names,
      host,
      /dial tcp \d+\.\d+\.\d+\.\d+:443: (?:i\/o timeout|connect: connection timed out)/u,
    );
  }),
  through('tcp-connection-refused', 'nobody-listens', (world, host) => {
    world.dns.set(host, { a: world.address() });
    return asking(world.names, host, /dial tcp \S+:443: connect: connection refused/u);
  }),
  {
    id: 'tcp-connection-refused',
    name: 'localhost-proxy-in-a-container',
    plant: ({ names }) =>
      asking(names, 'localhost', /dial tcp \S+:\d+: connect: connection refused/u, {
        env: {
          GOPROXY: `http://${names.pick(['localhost', '127.0.0.1'])}:${names.pick([3000, 8081, 8080])}`,
        },
      }),
  },
  through('tcp-connection-reset', 'after-client-hello', async (world, host) => {
    const site = await world.sites.raw(world.address(), 443, (socket) => {
      socket.once('data', () => socket.resetAndDestroy());
    });
    world.dns.set(host, { a: site.address });
    return asking(world.names, host, /read tcp \S+->\S+: read: connection reset by peer/u);
  }),
  through('tcp-connection-reset', 'in-the-answer', async (world, host) => {
    await world.web(host, (request) => request.socket.destroy());
    const site = await world.sites.raw(world.address(), 80, (socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\nmod', () =>
          socket.resetAndDestroy(),
        );
      });
    });
    world.dns.set(host, { a: site.address });
    return asking(world.names, host, /read: connection reset by peer/u, {
      env: { GOPROXY: `http://${host}` },
    });
  }),
  through('tcp-no-route', 'no-route-to-host', ({ names, dns }, host) => {
    dns.set(host, { a: `${NO_ROUTE}.${1 + names.random.whole(250)}` });
    return asking(names, host, /dial tcp \S+:443: connect: no route to host/u);
  }),
  through('tcp-no-route', 'network-unreachable', ({ names, dns }, host) => {
    dns.set(host, { a: `198.51.100.${1 + names.random.whole(250)}` });
    return asking(names, host, /dial tcp \S+:443: connect: network is unreachable/u);
  }),
  through('ipv6-unusable', 'only-aaaa', ({ names, dns }, host) => {
    dns.set(host, {
      aaaa: names.pick(['2a00:1450:4001:80e:0:0:0:2011', '2607:f8b0:4004:c07:0:0:0:8d']),
    });
    return asking(
      names,
      host,
      /dial tcp \[[0-9a-f:]+\]:443: connect: (?:cannot assign requested address|network is unreachable|no route to host)/u,
    );
  }),
  through('conn-eof', 'closed-before-any-answer', async ({ names, web }, host) => {
    await web(host, (request) => request.socket.end());
    return asking(names, host, /Get "\S+": EOF/u);
  }),
  through('conn-eof', 'filter-closes-after-hello', async (world, host) => {
    const site = await world.sites.raw(world.address(), 443, (socket) => {
      socket.once('data', () => socket.end());
    });
    world.dns.set(host, { a: site.address });
    return asking(world.names, host, /Get "\S+": EOF/u);
  }),
  through('net-sandboxed', 'prohibited', ({ names, dns }, host) => {
    dns.set(host, { a: `203.0.113.${1 + names.random.whole(250)}` });
    return asking(names, host, /dial tcp \S+:443: connect: permission denied/u);
  }),
  {
    id: 'net-hang',
    name: 'silent-after-accept',
    plant: async (world) => {
      const { names } = world;
      await world.mirror([{ path: names.module(0), version: names.version(0) }], (path) =>
        path.endsWith('.zip'),
      );
      return asking(
        names,
        'proxy.golang.org',
        /go: downloading \S+ \S+|The operation was canceled\.|execution took longer than \S+|Build timed out .*/u,
        {
          command: `timeout -s KILL 4 go mod download -x >/dev/null 2>&1; timeout 6 go build -mod=mod ./...; echo "${names.pick(['Error: The operation was canceled.', 'ERROR: Job failed: execution took longer than 1h0m0s seconds', 'Build timed out (after 60 minutes). Marking the build as aborted.'])}"; exit 1`,
          also: ['step-timeout'],
          target: names.module(0),
        },
      );
    },
  },
];
