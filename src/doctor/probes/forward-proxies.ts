import { parseProxyAddress } from '../../platform/http/index.ts';
import type { ProxyAddress } from '../../platform/http/index.ts';
import type { Endpoint, Tunnelled } from '../../platform/network/index.ts';
import type { DoctorNeeds } from '../needs.ts';
import type { Patient, Target } from '../patient/index.ts';
import type { Observation, Probe, ProbeFinding } from '../probe.ts';
import { differentCase, judgeTunnel, unreadable } from './judge-forward-proxy.ts';
import { readProxySettings } from './proxy-settings.ts';
import type { ProxySetting } from './proxy-settings.ts';
import { endpointOfProxy, within } from './servers.ts';

/** A proxy in the house answers within milliseconds; it may have to look the target up. */
const TUNNEL_MILLISECONDS = 5000;
const CONNECT_MILLISECONDS = 3000;

/** Every forward proxy that Go, git or npm would use, with a live test of each. */
export const forwardProxiesProbe: Probe = {
  name: 'forward-proxies',
  about: 'forward proxies of the environment, git and npm',
  limitMilliseconds: 10_000,
  confirms: [
    'http-proxy-unreachable',
    'http-proxy-auth',
    'http-proxy-denied',
    'http-proxy-bad-gateway',
    'http-proxy-connect-timeout',
    'http-proxy-misconfigured',
    'no-proxy-missing',
  ],
  async run(patient, needs, signal) {
    const settings = await readProxySettings(patient, needs, signal);
    const results = await Promise.all(
      settings.map(async (setting) => examineSetting(patient, setting, needs, signal)),
    );
    return {
      observations: [...results.flatMap(({ seen }) => seen), ...exceptions(patient)],
      findings: [...differentCase(patient), ...results.flatMap(({ found }) => found)],
    };
  },
};

interface Examined {
  readonly seen: readonly Observation[];
  readonly found: readonly ProbeFinding[];
}

async function examineSetting(
  patient: Patient,
  setting: ProxySetting,
  needs: DoctorNeeds,
  signal: AbortSignal,
): Promise<Examined> {
  const subject = setting.name;
  const address = parseProxyAddress(setting.value);
  const place = address === undefined ? undefined : endpointOfProxy(address);
  if (address === undefined || place === undefined || !isPlace(place)) {
    const found = [unreadable(setting, usersOf(patient, setting))];
    return { seen: [{ subject, text: 'cannot be read', ok: false }], found };
  }
  const users = usersOf(patient, setting);
  const result = await tryProxy(patient, needs, address, users[0], signal);
  const isRefused = result.kind === 'answered' && result.status !== 200 && users[0] !== undefined;
  const direct = isRefused ? await reachDirectly(patient, needs, users[0], signal) : false;
  const found = judgeTunnel({ setting, address, users, result, isReachedDirectly: direct });
  const said = result.kind === 'answered' ? `status ${result.status}` : result.reason;
  const text = `${address.scheme}://${address.host}:${place.port}: ${said}, from ${setting.origin}`;
  const milliseconds = { total: result.milliseconds };
  return {
    seen: [{ subject, text, ok: found === undefined, milliseconds }],
    found: found === undefined ? [] : [found],
  };
}

/** What Go cannot parse it takes for a host, and then looks up a scheme as a name. */
function isPlace({ host, port }: Endpoint): boolean {
  const isHost = host !== '' && !/^(?:https?|ftp|socks5h?)$/i.test(host);
  return isHost && Number.isInteger(port) && port > 0 && port <= 65_535;
}

/** The servers that Go reaches through this setting. */
function usersOf({ targets }: Patient, { usedBy, value }: ProxySetting): readonly Target[] {
  if (usedBy !== 'go') return [];
  const address = parseProxyAddress(value);
  return targets.filter(
    ({ via }) =>
      via !== undefined &&
      address !== undefined &&
      via.host === address.host &&
      via.port === address.port &&
      via.scheme === address.scheme,
  );
}

/** A tunnel to a server that is used through it, else only a connection. */
async function tryProxy(
  patient: Patient,
  { network }: DoctorNeeds,
  address: ProxyAddress,
  user: Target | undefined,
  signal: AbortSignal,
): Promise<Tunnelled> {
  const proxy = endpointOfProxy(address);
  if (user !== undefined && user.isSecure && !address.scheme.startsWith('socks')) {
    const target: Endpoint = user.endpoint;
    return network.tunnel(
      { proxy, target, milliseconds: within(patient, TUNNEL_MILLISECONDS) },
      signal,
    );
  }
  const reached = await network.connect(proxy, within(patient, CONNECT_MILLISECONDS), signal);
  if (reached.kind === 'failed') return { ...reached, connected: false };
  return { kind: 'answered', status: 200, schemes: [], milliseconds: reached.milliseconds };
}

async function reachDirectly(
  patient: Patient,
  { network }: DoctorNeeds,
  user: Target | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  if (user === undefined) return false;
  const reached = await network.connect(
    user.endpoint,
    within(patient, CONNECT_MILLISECONDS),
    signal,
  );
  return reached.kind === 'connected';
}

function exceptions({ environment }: Patient): readonly Observation[] {
  return ['NO_PROXY', 'no_proxy'].flatMap((name) => {
    const value = environment[name] ?? '';
    return value === '' ? [] : [{ subject: name, text: value.slice(0, 300), ok: true }];
  });
}
