import { isIPv6 } from 'node:net';
import type { Reached, SocketFailure } from '../../platform/network/index.ts';
import type { DoctorNeeds } from '../needs.ts';
import type { Patient, Target } from '../patient/index.ts';
import { finding } from '../probe.ts';
import type { Observation, Probe, ProbeFinding } from '../probe.ts';
import { failureTexts } from './failure-texts.ts';
import { addressesOf, firstHop, scopeOf, within } from './servers.ts';

/** A sound path connects in fractions of this; the first repetition of TCP comes after a second. */
const CONNECT_MILLISECONDS = 3200;
/** Of each family: enough to see whether the family works. */
const ADDRESSES_MAXIMUM = 2;

interface Tried {
  readonly address: string;
  readonly reached: Reached;
}

/** Opens a connection to each server that a build needs, IPv4 and IPv6 apart. */
export const connectionsProbe: Probe = {
  name: 'connections',
  about: 'connections to each server, IPv4 and IPv6 apart',
  limitMilliseconds: 10_000,
  confirms: [
    'tcp-dial-timeout',
    'tcp-connection-refused',
    'tcp-no-route',
    'ipv6-unusable',
    'net-sandboxed',
    'http-proxy-unreachable',
  ],
  async run(patient, needs, signal) {
    const results = await Promise.all(
      patient.targets.map(async (target) => {
        const tried = await tryAll(needs, patient, target, signal);
        const doors = patient.deep ? await otherDoors(needs, patient, target, tried, signal) : [];
        return {
          observations: observe(target, tried),
          findings: judge(needs, target, tried, doors),
        };
      }),
    );
    return {
      observations: results.flatMap(({ observations }) => observations),
      findings: results.flatMap(({ findings }) => findings),
    };
  },
};

async function tryAll(
  needs: DoctorNeeds,
  patient: Patient,
  target: Target,
  signal: AbortSignal,
): Promise<readonly Tried[]> {
  const { host, port } = firstHop(target);
  const addresses = await addressesOf(needs, patient, host, signal);
  const four = addresses.filter((address) => !isIPv6(address)).slice(0, ADDRESSES_MAXIMUM);
  const six = addresses.filter((address) => isIPv6(address)).slice(0, ADDRESSES_MAXIMUM);
  const limit = within(patient, CONNECT_MILLISECONDS);
  return Promise.all(
    [...four, ...six].map(async (address) => ({
      address,
      reached: await needs.network.connect({ host: address, port }, limit, signal),
    })),
  );
}

/** Ports that are often open; a refusal is an answer as well. */
const OTHER_PORTS = [443, 80, 22];

async function otherDoors(
  { network }: DoctorNeeds,
  patient: Patient,
  target: Target,
  tried: readonly Tried[],
  signal: AbortSignal,
): Promise<readonly number[]> {
  const silent = tried.find(
    ({ reached }) => reached.kind === 'failed' && reached.reason === 'silent',
  );
  if (silent === undefined || tried.some(({ reached }) => reached.kind === 'connected')) return [];
  const ports = OTHER_PORTS.filter((port) => port !== firstHop(target).port);
  const limit = within(patient, CONNECT_MILLISECONDS);
  const answers = await Promise.all(
    ports.map(async (port) => {
      const reached = await network.connect({ host: silent.address, port }, limit, signal);
      return reached.kind === 'connected' || reached.reason === 'refused' ? [port] : [];
    }),
  );
  return answers.flat();
}

function observe(target: Target, tried: readonly Tried[]): readonly Observation[] {
  const { port } = firstHop(target);
  const through = target.via === undefined ? '' : ', the forward proxy';
  return tried.map(({ address, reached }) => ({
    subject: scopeOf(target),
    text: `${isIPv6(address) ? `[${address}]` : address}:${port}${through}: ${
      reached.kind === 'connected' ? 'connected' : reached.reason
    }`,
    // Only what matters is marked: the other family may do.
    ok: reached.kind === 'connected' || tried.some((other) => other.reached.kind === 'connected'),
    milliseconds: { total: reached.milliseconds },
  }));
}

function judge(
  { network }: DoctorNeeds,
  target: Target,
  tried: readonly Tried[],
  doors: readonly number[],
): readonly ProbeFinding[] {
  const failed = tried.flatMap(({ address, reached }) =>
    reached.kind === 'failed' ? [{ address, failure: reached }] : [],
  );
  if (failed.length === 0) return [];
  const isReached = failed.length < tried.length;
  const six = failed.filter(({ address }) => isIPv6(address));
  if (!isReached) return [unreachable(target, failed, doors)];
  // Without IPv6 on this machine, go tries and fails at once, and takes IPv4.
  const isHanging = six.some(({ failure }) => failure.reason === 'silent');
  const works = tried.some(
    ({ address, reached }) => isIPv6(address) && reached.kind === 'connected',
  );
  if (!isHanging || works || !network.families().ipv6) return [];
  return [
    finding('ipv6-unusable', {
      scope: scopeOf(target),
      title: `${scopeOf(target)} cannot be reached by IPv6, although this machine has it`,
      explanation:
        'go falls back to IPv4 after 300 ms for each new connection; other programs wait longer, or fail.',
      severity: 'warning',
      evidence: six.map(({ address, failure }) => evidence(address, failure)),
      fix: 'have the IPv6 route mended, or give this machine or container no IPv6 address',
      command: 'ip -6 route',
    }),
  ];
}

/** The machine answers at other ports, so this one is filtered. */
function filtered(target: Target, doors: readonly number[]): string {
  if (doors.length === 0) return '';
  const { port } = firstHop(target);
  return ` The machine itself answers at port ${doors.join(' and ')}: port ${port} is filtered.`;
}

interface Failed {
  readonly address: string;
  readonly failure: SocketFailure;
}

const CODES: Readonly<Partial<Record<SocketFailure['reason'], string>>> = {
  refused: 'tcp-connection-refused',
  reset: 'tcp-connection-reset',
  closed: 'conn-eof',
  silent: 'tcp-dial-timeout',
  'no-route': 'tcp-no-route',
  'no-address': 'tcp-no-route',
  'not-permitted': 'net-sandboxed',
};

function unreachable(
  target: Target,
  failed: readonly Failed[],
  doors: readonly number[],
): ProbeFinding {
  const four = failed.find(({ address }) => !isIPv6(address));
  const [first] = failed;
  const reason = (four ?? first)?.failure.reason ?? 'other';
  const only6 = four === undefined && (reason === 'no-route' || reason === 'no-address');
  const direct = only6 ? 'ipv6-unusable' : (CODES[reason] ?? 'tcp-dial-timeout');
  const code =
    target.via === undefined || direct === 'net-sandboxed' ? direct : 'http-proxy-unreachable';
  const { title, explanation, fix } = failureTexts(code, scopeOf(target));
  return finding(code, {
    scope: code === 'net-sandboxed' ? 'machine' : scopeOf(target),
    title,
    explanation: `${explanation}${filtered(target, doors)}`,
    severity: target.isNeeded ? 'error' : 'warning',
    evidence: failed.map(({ address, failure }) => evidence(address, failure)),
    fix,
    dependsOn: ['dns-no-such-host', 'dns-timeout', 'http-proxy-misconfigured'],
  });
}

function evidence(address: string, failure: SocketFailure): ProbeFinding['evidence'][number] {
  const code = failure.code === '' ? '' : ` (${failure.code})`;
  return {
    kind: 'response',
    text: `${failure.reason}${code} after ${failure.milliseconds} ms`,
    source: `TCP to ${address}`,
  };
}
