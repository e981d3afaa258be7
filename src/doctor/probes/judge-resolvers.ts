import type { DnsReply } from '../../platform/network/index.ts';
import { finding } from '../probe.ts';
import type { ProbeFinding } from '../probe.ts';
import { describeReply, nameOfServer } from './resolver-answers.ts';
import type { NameSaid, ServerSaid } from './resolver-answers.ts';

/** How `go` takes the word of one resolver: only an answer is final, anything else asks the next. */
type Verdict = 'found' | 'absent' | 'misbehaving' | 'silent' | 'unreachable';

const CODES = {
  absent: 'dns-no-such-host',
  misbehaving: 'dns-server-misbehaving',
  silent: 'dns-timeout',
  unreachable: 'dns-server-unreachable',
} as const;

export function judgeName(said: NameSaid): readonly ProbeFinding[] {
  const verdicts = said.servers.map((server) => ({ server, verdict: verdictOf(server) }));
  const final = verdicts.find(({ verdict }) => verdict === 'found' || verdict === 'absent');
  const broken = verdicts.filter(({ verdict }) => verdict !== 'found' && verdict !== 'absent');
  if (final?.verdict === 'found') {
    const lossy = said.servers.filter(
      ({ udp }) => lostOf(udp) >= LOSSES && lostOf(udp) < udp.length,
    );
    return [
      ...broken.map((one) => oneBroken(said, one)),
      ...lossy.map((server) => losesQuestions(said, server)),
    ];
  }
  // The hosts file, or another source of names, has it.
  if (said.isFoundHere) return [];
  // A forward proxy without a name is told as one that cannot be reached.
  if (final !== undefined) return said.isForwardProxy ? [] : [absent(said)];
  const [worst] = verdicts;
  return worst === undefined ? [] : [allBroken(said, worst.verdict)];
}

/** One lost datagram of four is the weather. */
const LOSSES = 2;

function lostOf(replies: readonly DnsReply[]): number {
  return replies.filter((reply) => reply.kind === 'failed' && reply.reason === 'silent').length;
}

function losesQuestions(said: NameSaid, server: ServerSaid): ProbeFinding {
  const name = nameOfServer(server.server);
  return finding('dns-timeout', {
    scope: name,
    title: `the DNS server ${name} loses ${lostOf(server.udp)} of ${server.udp.length} questions`,
    explanation:
      'Look-ups then wait five seconds now and then, and some fail: an overloaded resolver, or races of connection tracking on the node.',
    severity: 'warning',
    evidence: evidenceOf({ ...said, servers: [server] }),
    fix: 'put a caching resolver on the node; "options use-vc" or "single-request" in resolv.conf is a stop-gap',
  });
}

/** Truncated over UDP means that TCP has to answer. */
function verdictOf({ udp, udp6, tcp }: ServerSaid): Verdict {
  const answered = udp.find((reply) => reply.kind === 'answer');
  if (answered?.kind === 'answer' && answered.truncated) return ofReply(tcp, udp6);
  return ofReply(answered ?? udp[0], udp6);
}

function ofReply(reply: DnsReply | undefined, other: DnsReply): Verdict {
  if (reply === undefined) return 'silent';
  if (reply.kind === 'failed') return reply.reason === 'silent' ? 'silent' : 'unreachable';
  if (reply.code === 'NXDOMAIN') return 'absent';
  if (reply.code !== 'NOERROR') return 'misbehaving';
  const hasOther = other.kind === 'answer' && other.addresses.length > 0;
  return reply.addresses.length > 0 || hasOther ? 'found' : 'absent';
}

function evidenceOf({ name, servers }: NameSaid): ProbeFinding['evidence'] {
  return servers.map(({ server, udp, tcp }) => ({
    kind: 'response',
    text: `${name}: ${udp.map(describeReply).join(', then ')}; over TCP ${describeReply(tcp)}`,
    source: `DNS server ${nameOfServer(server)}`,
  }));
}

const WHY: Readonly<
  Record<Exclude<Verdict, 'found' | 'absent'>, readonly [string, string, string]>
> = {
  silent: [
    'does not answer',
    'Questions go out and nothing comes back: it is down, or something drops the packets.',
    'give this machine or container a resolver that it can reach; after a change of network, restart the container daemon',
  ],
  unreachable: [
    'is not there',
    'Nothing listens at its address, or no route leads there. A stub resolver of the host, copied into a container, looks like this.',
    'set real name servers for the container: --dns, daemon.json, or dnsConfig of the pod',
  ],
  misbehaving: [
    'refuses or fails to answer',
    'It is there, and answers with a failure. REFUSED is a policy; SERVFAIL means that it cannot reach its own sources, and may pass.',
    'ask whoever runs the resolver; check its access list and its forwarders',
  ],
};

function allBroken(said: NameSaid, verdict: Verdict): ProbeFinding {
  const kind = verdict === 'found' || verdict === 'absent' ? 'silent' : verdict;
  const [what, why, fix] = WHY[kind];
  const [first] = said.servers;
  const isOne = said.servers.length === 1 && first !== undefined;
  return finding(CODES[kind], {
    // A failure of one zone is not one of all.
    scope: kind === 'misbehaving' ? (said.scopes[0] ?? said.name) : 'machine',
    covers: said.scopes,
    title: isOne
      ? `the DNS server ${nameOfServer(first.server)} ${what}`
      : `none of the ${said.servers.length} DNS servers answers for ${said.name}`,
    explanation: `${said.name} cannot be looked up. ${why}`,
    severity: said.isNeeded ? 'error' : 'warning',
    evidence: evidenceOf(said),
    fix,
    command: 'cat /etc/resolv.conf',
  });
}

/** Another resolver helps out, after a wait. */
function oneBroken(
  said: NameSaid,
  { server, verdict }: { readonly server: ServerSaid; readonly verdict: Verdict },
): ProbeFinding {
  const kind = verdict === 'found' || verdict === 'absent' ? 'silent' : verdict;
  const [what, why, fix] = WHY[kind];
  return finding(CODES[kind], {
    scope: nameOfServer(server.server),
    title: `the DNS server ${nameOfServer(server.server)} ${what}; another one does`,
    explanation: `${why} Look-ups that meet it first wait up to five seconds, and fail now and then.`,
    severity: 'warning',
    evidence: evidenceOf({ ...said, servers: [server] }),
    fix,
    command: 'cat /etc/resolv.conf',
  });
}

function absent(said: NameSaid): ProbeFinding {
  const others = said.servers.filter((server) => verdictOf(server) === 'found');
  const differs =
    others.length === 0
      ? ''
      : ` ${others.map(({ server }) => nameOfServer(server)).join(', ')} has it, but go believes the first answer.`;
  return finding('dns-no-such-host', {
    scope: said.scopes[0] ?? said.name,
    covers: said.scopes,
    title: `the name ${said.name} does not exist for the DNS servers of this machine`,
    explanation: `They answered, and no address was in the answer.${differs}`,
    severity: said.isNeeded ? 'error' : 'warning',
    evidence: evidenceOf(said),
    fix: 'correct the name; or, when it is internal, give this machine or container the resolver that knows it',
    command: `getent hosts ${said.name}`,
  });
}
