import { isIP } from 'node:net';
import type { Endpoint, ProxyEndpoint } from '../../platform/network/index.ts';
import type { ProxyAddress } from '../../platform/http/index.ts';
import type { DoctorNeeds } from '../needs.ts';
import type { Patient, Target } from '../patient/index.ts';

/** The name by which findings about one server belong together. */
export function scopeOf(target: Target): string {
  return new URL(target.url).host;
}

const PORTS: Readonly<Record<string, number>> = { https: 443, socks5: 1080, socks5h: 1080 };

/** Where a forward proxy listens, with the ports that Go assumes. */
export function endpointOfProxy({ scheme, host, port, user }: ProxyAddress): ProxyEndpoint {
  const secret = user === undefined ? undefined : `${user.name}:${user.password}`;
  return {
    host,
    port: port === '' ? (PORTS[scheme] ?? 80) : Number(port),
    secure: scheme === 'https',
    authorization:
      secret === undefined ? undefined : `Basic ${Buffer.from(secret).toString('base64')}`,
  };
}

/** Whom this machine itself connects to: the forward proxy, where there is one. */
export function firstHop(target: Target): Endpoint {
  if (target.via === undefined) return target.endpoint;
  const { host, port } = endpointOfProxy(target.via);
  return { host, port };
}

/** A name that somebody has to look up; `localhost` is known without asking (RFC 6761). */
export function isLookedUp(host: string): boolean {
  return isIP(host) === 0 && !/(?:^|\.)localhost\.?$/i.test(host);
}

/** A time limit as this visit has it. */
export function within({ patience }: Patient, milliseconds: number): number {
  return Math.ceil(milliseconds * patience);
}

const LOOK_UP_MILLISECONDS = 4000;
const ASK_MILLISECONDS = 2000;

/** The addresses of a host as programs of this machine find them, or as the named resolvers say. */
export async function addressesOf(
  { network }: DoctorNeeds,
  patient: Patient,
  host: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { resolver } = patient;
  if (!resolver.isGiven || !isLookedUp(host)) {
    const found = await network.lookUp(host, within(patient, LOOK_UP_MILLISECONDS), signal);
    return found.kind === 'found' ? found.addresses : [];
  }
  const questions = resolver.servers.flatMap((server) =>
    (['A', 'AAAA'] as const).map(async (type) => {
      const question = { server, name: host, type, transport: 'udp' } as const;
      return network.askResolver(
        { ...question, milliseconds: within(patient, ASK_MILLISECONDS) },
        signal,
      );
    }),
  );
  const replies = await Promise.all(questions);
  return [...new Set(replies.flatMap((reply) => (reply.kind === 'answer' ? reply.addresses : [])))];
}
