import type { DnsReply, Endpoint, Transport } from '../../platform/network/index.ts';
import type { DoctorNeeds } from '../needs.ts';
import type { Patient } from '../patient/index.ts';
import type { Observation, Probe, ProbeFinding } from '../probe.ts';
import { judgeName } from './judge-resolvers.ts';
import { describeReply, nameOfServer } from './resolver-answers.ts';
import type { NameSaid, ServerSaid } from './resolver-answers.ts';
import { firstHop, isLookedUp, scopeOf, within } from './servers.ts';

/** A sound resolver answers within tens of milliseconds, and from a cold cache within a second. */
const ANSWER_MILLISECONDS = 1800;
/** One datagram may get lost. */
const TRIES = 2;
const TRIES_DEEP = 4;
const LOOK_UP_MILLISECONDS = 3500;
/** More names say nothing more about the same resolvers. */
const NAMES_MAXIMUM = 4;
const SEARCH_MAXIMUM = 6;

/** Asks each resolver of this machine, apart, for the names that a build needs. */
export const resolversProbe: Probe = {
  name: 'resolvers',
  about: 'each DNS server of this machine: over UDP and TCP, with its times',
  limitMilliseconds: 12_000,
  confirms: ['dns-no-such-host', 'dns-timeout', 'dns-server-misbehaving', 'dns-server-unreachable'],
  async run(patient, needs, signal) {
    const names = namesOf(patient);
    const said = await Promise.all(names.map((name) => askAll(needs, patient, name, signal)));
    const search = await askSearch(needs, patient, said, signal);
    return {
      observations: [
        ...said.flatMap((name) => name.servers.map((server) => observe(name, server))),
        ...search.observations,
      ],
      findings: [...said.flatMap(judgeName), ...search.findings],
    };
  },
};

type Name = Pick<NameSaid, 'name' | 'scopes' | 'isNeeded' | 'isForwardProxy'>;

function namesOf({ targets }: Patient): readonly Name[] {
  const names = new Map<string, Name>();
  for (const target of targets) {
    const { host } = firstHop(target);
    if (!isLookedUp(host)) continue;
    const known = names.get(host);
    names.set(host, {
      name: host,
      scopes: [...(known?.scopes ?? []), scopeOf(target)],
      isNeeded: known?.isNeeded === true || target.isNeeded,
      isForwardProxy: known?.isForwardProxy !== false && target.via !== undefined,
    });
  }
  return [...names.values()].slice(0, NAMES_MAXIMUM);
}

async function askAll(
  needs: DoctorNeeds,
  patient: Patient,
  name: Name,
  signal: AbortSignal,
): Promise<NameSaid> {
  const { resolver } = patient;
  const limit = within(patient, LOOK_UP_MILLISECONDS);
  const [servers, found] = await Promise.all([
    Promise.all(
      resolver.servers.map((server) => askServer(needs, server, name.name, patient, signal)),
    ),
    resolver.isGiven ? undefined : needs.network.lookUp(name.name, limit, signal),
  ]);
  return { ...name, servers, isFoundHere: found?.kind === 'found' };
}

async function askServer(
  { network }: DoctorNeeds,
  server: Endpoint,
  name: string,
  patient: Patient,
  signal: AbortSignal,
): Promise<ServerSaid> {
  function ask(transport: Transport, type: 'A' | 'AAAA'): Promise<DnsReply> {
    const milliseconds = within(patient, ANSWER_MILLISECONDS);
    return network.askResolver({ server, name, type, transport, milliseconds }, signal);
  }
  const { deep } = patient;
  async function askAgain(): Promise<readonly DnsReply[]> {
    const replies: DnsReply[] = [];
    for (let left = deep ? TRIES_DEEP : TRIES; left > 0; left -= 1) {
      const reply = await ask('udp', 'A');
      replies.push(reply);
      if (!deep && (reply.kind === 'answer' || reply.reason !== 'silent')) break;
    }
    return replies;
  }
  const [udp, udp6, tcp] = await Promise.all([askAgain(), ask('udp', 'AAAA'), ask('tcp', 'A')]);
  return { server, udp, udp6, tcp };
}

function observe({ name }: NameSaid, { server, udp, udp6, tcp }: ServerSaid): Observation {
  const best = udp.find((reply) => reply.kind === 'answer') ?? udp[0];
  const lost = udp.filter((reply) => reply.kind === 'failed').length;
  const parts = [
    `${name}: ${best === undefined ? 'not asked' : describeReply(best)}`,
    `AAAA ${describeReply(udp6)}`,
    `TCP ${describeReply(tcp)}`,
    ...(lost > 0 && udp.length > 1 ? [`${lost} of ${udp.length} questions lost`] : []),
  ];
  return {
    subject: nameOfServer(server),
    text: parts.join(', '),
    ok: best?.kind === 'answer' && /^(?:NOERROR|NXDOMAIN)$/.test(best.code),
    milliseconds: { udp: best?.milliseconds ?? 0, tcp: tcp.milliseconds },
  };
}

/** With many dots asked for, each look-up first tries the search list (resolv.conf(5), ndots). */
async function askSearch(
  { network }: DoctorNeeds,
  patient: Patient,
  said: readonly NameSaid[],
  signal: AbortSignal,
): Promise<{
  readonly observations: readonly Observation[];
  readonly findings: readonly ProbeFinding[];
}> {
  const { resolver } = patient;
  const [first] = said;
  const [server] = resolver.servers;
  const isSearched = first !== undefined && first.name.split('.').length - 1 < resolver.dots;
  if (!isSearched || server === undefined || resolver.isGiven) {
    return { observations: [], findings: [] };
  }
  const replies = await Promise.all(
    resolver.search.slice(0, SEARCH_MAXIMUM).map((domain) =>
      network.askResolver(
        {
          server,
          name: `${first.name}.${domain}`,
          type: 'A',
          transport: 'udp',
          milliseconds: within(patient, ANSWER_MILLISECONDS),
        },
        signal,
      ),
    ),
  );
  const spent = replies.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const text = `${resolver.search.length} domains are tried before each name, because ndots is ${resolver.dots}`;
  return {
    observations: [{ subject: 'search list', text, ok: true, milliseconds: { total: spent } }],
    findings: [],
  };
}
