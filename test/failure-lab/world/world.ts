import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RequestListener } from 'node:http';
import type { TlsOptions } from 'node:tls';
import { startDnsServer } from './dns-server.ts';
import type { DnsServer } from './dns-server.ts';
import { moduleProxy } from './module-proxy.ts';
import type { Override } from './module-proxy.ts';
import type { LabModule } from './module-files.ts';
import { createNames } from './names.ts';
import type { Names } from './names.ts';
import { createSeeded } from '../../support/seeded.ts';
import { createSites } from './sites.ts';
import type { Site, Sites } from './sites.ts';
import type { Toolchains } from '../toolchains.ts';
import type { Certificates } from './certificates.ts';

const PUBLIC_PROXY = 'proxy.golang.org';

/** The network that one run of a scenario sees: its own names, addresses and servers. */
export interface World {
  readonly names: Names;
  readonly dns: DnsServer;
  readonly sites: Sites;
  readonly certificates: Certificates;
  /** Where another Go is installed, if it is. */
  goroot(version: string): string | undefined;
  /** For repositories and other things that servers read. */
  readonly scratch: string;
  /** An address nobody else has; `inner` ones look like a company's. */
  address(inner?: boolean): string;
  /** An https server with a good certificate, known to the resolver. */
  web(host: string, listener: RequestListener, tls?: TlsOptions): Promise<Site>;
  /** Go's public mirror with these modules. */
  mirror(modules?: readonly LabModule[], override?: Override): Promise<Site>;
  /** Done when the world goes away. */
  atEnd(action: () => Promise<void>): void;
  close(): Promise<void>;
}

export interface WorldTools {
  readonly certificates: Certificates;
  readonly scratch: string;
  readonly toolchains: Toolchains;
}

/** Worlds run side by side, so each has addresses of its own. */
let worlds = 0;

export async function createWorld(seed: string, tools: WorldTools): Promise<World> {
  const { certificates, scratch: scratchRoot } = tools;
  const random = createSeeded(seed);
  const names = createNames(random);
  worlds += 1;
  const number = worlds;
  const endings: (() => Promise<void>)[] = [];
  let handed = 0;
  function address(inner = false): string {
    handed += 1;
    const net = inner ? '10' : names.pick(['142', '151', '185', '34']);
    return `${net}.${100 + Math.floor(number / 250)}.${number % 250}.${handed + 10 + random.whole(5) * 20}`;
  }
  const dns = await startDnsServer(address(true));
  const sites = createSites();
  const scratch = join(scratchRoot, `world-${number}`);
  mkdirSync(scratch, { recursive: true });
  async function web(host: string, listener: RequestListener, tls?: TlsOptions): Promise<Site> {
    const site = await sites.http(
      address(host.endsWith(names.domain)),
      443,
      listener,
      tls ?? (await certificates.good(host)),
    );
    dns.set(host, { a: site.address });
    return site;
  }
  return {
    names,
    dns,
    sites,
    certificates,
    goroot: (version) => tools.toolchains.find(version)?.root,
    scratch,
    address,
    web,
    mirror: async (modules = [], override) => web(PUBLIC_PROXY, moduleProxy(modules, override)),
    atEnd: (action) => {
      endings.push(action);
    },
    close: async () => {
      await Promise.all(endings.map(async (action) => action()));
      await sites.close();
      await dns.close();
    },
  };
}
