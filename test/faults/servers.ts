import { createHop, createOrigin } from '../../src/drills/index.ts';
import type { ModuleSpecification, Origin } from '../../src/drills/index.ts';
import { createSystemClock } from '../../src/platform/adapters.ts';
import type { KeyPair } from '../support/certificates.ts';
import type { FaultVariant } from './rows.ts';
import type { ListShape } from './judge.ts';

const DATABASE_NAME = 'sumdb.faults.test';

export interface Upstreams {
  /** The list in GOPROXY syntax. */
  readonly list: string;
  /** `NAME+KEY URL` of a database that knows the modules. */
  readonly database: string;
  readonly broken: Origin;
  readonly healthy: Origin;
  /** The download starts: what is measured from its first moment is measured from now. */
  begin(): void;
  close(): Promise<void>;
}

export interface UpstreamSettings {
  readonly variant: FaultVariant;
  readonly shape: ListShape;
  readonly modules: readonly ModuleSpecification[];
  readonly seed: string;
  /** Of an authority that nobody trusts. */
  readonly untrusted: KeyPair;
}

/** A broken upstream A, a healthy B, and a checksum database that neither of them relays. */
export async function startUpstreams(settings: UpstreamSettings): Promise<Upstreams> {
  const { variant, modules, seed } = settings;
  const needs = { clock: createSystemClock() };
  const tls =
    variant.address === 'untrusted-certificate'
      ? { tls: { certificate: settings.untrusted.cert, key: settings.untrusted.key } }
      : {};
  const faults = variant.faults ?? [];
  const broken = await createOrigin(needs, { modules, seed, faults, ...tls });
  const healthy = await createOrigin(needs, { modules });
  const records = await createOrigin(needs, { modules, checksumDatabase: DATABASE_NAME });
  const hop = await createHop(needs, { target: broken.url, seed, faults: variant.hop ?? [] });
  if (variant.address === 'refused') await hop.goDown();
  let timer: NodeJS.Timeout | undefined;
  if (variant.downMilliseconds !== undefined) await hop.goDown();
  const first = variant.address === 'unknown-name' ? 'http://upstream.invalid' : hop.url;
  return {
    list: listOf(settings.shape, first, healthy.url),
    database: `${records.database?.key ?? ''} ${records.url}/sumdb/${DATABASE_NAME}`,
    broken,
    healthy,
    begin() {
      const wait = variant.downMilliseconds;
      if (wait !== undefined) timer = setTimeout(() => void hop.comeUp(), wait);
    },
    async close() {
      clearTimeout(timer);
      await hop.close();
      await Promise.all([broken.close(), healthy.close(), records.close()]);
    },
  };
}

function listOf(shape: ListShape, first: string, second: string): string {
  if (shape === 'one') return first;
  return shape === 'pipe' ? `${first}|${second}` : `${first},${second}`;
}
