import { tunnelCode } from '../explain-http-error.ts';
import { maskProxyAddress } from '../../masking/index.ts';
import type { ProxyAddress } from '../../platform/http/index.ts';
import type { Tunnelled } from '../../platform/network/index.ts';
import type { Patient, Target } from '../patient/index.ts';
import { finding } from '../probe.ts';
import type { ProbeFinding, ProblemEvidence } from '../probe.ts';
import { failureTexts } from './failure-texts.ts';
import type { ProxySetting } from './proxy-settings.ts';
import { endpointOfProxy, scopeOf } from './servers.ts';

/** The value shows no password: what stands before the last `@` is cut. */
function shown({ value }: ProxySetting): string {
  return maskProxyAddress(value).slice(0, 200);
}

function settingEvidence(setting: ProxySetting): ProblemEvidence {
  const text = `${setting.name}=${shown(setting)}`;
  return { kind: 'setting', text, source: setting.origin, isMasked: true };
}

/** A setting that only git or npm has breaks no download of go. */
function severityOf(users: readonly Target[]): 'error' | 'warning' {
  return users.some(({ isNeeded }) => isNeeded) ? 'error' : 'warning';
}

export function unreadable(setting: ProxySetting, users: readonly Target[]): ProbeFinding {
  return finding('http-proxy-misconfigured', {
    scope: setting.name,
    covers: users.map(scopeOf),
    title: `${setting.name} is no address of a proxy`,
    explanation:
      setting.usedBy === 'go'
        ? 'Go ignores what it cannot read and connects directly, or fails at dialling without a clear word.'
        : 'Whoever reads it cannot connect.',
    // Where Go takes it for a host all the same, nothing gets through.
    severity: severityOf(users),
    evidence: [settingEvidence(setting)],
    fix: 'write it as http://host:port, with percent-encoded credentials where the proxy wants some',
    command: setting.removal,
  });
}

export interface TriedProxy {
  readonly setting: ProxySetting;
  readonly address: ProxyAddress;
  readonly users: readonly Target[];
  readonly result: Tunnelled;
  /** The server answers without the proxy that refuses it. */
  readonly isReachedDirectly: boolean;
}

export function judgeTunnel(tried: TriedProxy): ProbeFinding | undefined {
  const { result } = tried;
  if (result.kind === 'failed') return judgeFailed(tried, result);
  if (result.status === 200) return undefined;
  const code = tunnelCode(result.status);
  if (tried.isReachedDirectly && code !== 'http-proxy-auth')
    return exceptionMissing(tried, result.status);
  const [user] = tried.users;
  const { title, explanation, fix } = failureTexts(
    code,
    user === undefined ? 'a server' : scopeOf(user),
  );
  const schemes = result.schemes.length === 0 ? '' : `, for ${result.schemes.join(' or ')}`;
  return finding(code, {
    scope: user === undefined ? tried.setting.name : scopeOf(user),
    covers: code === 'http-proxy-auth' ? tried.users.map(scopeOf) : [],
    title,
    explanation: `${explanation}${onlyNegotiate(result.schemes)}`,
    severity: severityOf(tried.users),
    evidence: [
      settingEvidence(tried.setting),
      {
        kind: 'response',
        text: `CONNECT was answered with ${result.status}${schemes}`,
        source: hostOf(tried),
      },
    ],
    fix,
  });
}

function onlyNegotiate(schemes: readonly string[]): string {
  const isForeign = schemes.length > 0 && !schemes.some((scheme) => /^basic$/i.test(scheme));
  return isForeign
    ? ` This one wants ${schemes.join(' or ')}: a local relay has to speak it for Go.`
    : '';
}

function hostOf({ address }: TriedProxy): string {
  const { host, port } = endpointOfProxy(address);
  return `proxy ${host}:${port}`;
}

function exceptionMissing(tried: TriedProxy, status: number): ProbeFinding {
  const [user] = tried.users;
  const host = user?.endpoint.host ?? '';
  return finding('no-proxy-missing', {
    scope: user === undefined ? tried.setting.name : scopeOf(user),
    covers: tried.users.map(scopeOf),
    title: `${host} goes through a forward proxy that does not let it pass, and can be reached directly`,
    explanation: `The proxy answered ${status}. NO_PROXY has no entry that excepts this host.`,
    severity: severityOf(tried.users),
    confidence: 0.9,
    evidence: [
      settingEvidence(tried.setting),
      { kind: 'response', text: `CONNECT was answered with ${status}`, source: hostOf(tried) },
      { kind: 'response', text: 'connected without the proxy', source: `TCP to ${host}` },
    ],
    fix: `add ${host} to NO_PROXY and no_proxy`,
    command: `export NO_PROXY="\${NO_PROXY:+$NO_PROXY,}${host}" no_proxy="\${NO_PROXY:+$NO_PROXY,}${host}"`,
  });
}

function judgeFailed(
  tried: TriedProxy,
  result: Extract<Tunnelled, { kind: 'failed' }>,
): ProbeFinding {
  const { setting, users } = tried;
  // An https address of a proxy that speaks plain HTTP fails before anything is asked.
  const isMisread = result.reason === 'nonsense';
  const isSilent = result.connected && result.reason === 'silent';
  const code = isMisread
    ? 'http-proxy-misconfigured'
    : isSilent
      ? 'http-proxy-connect-timeout'
      : 'http-proxy-unreachable';
  const what = isMisread ? 'is no HTTP proxy' : isSilent ? 'opens no tunnel' : 'cannot be reached';
  return finding(code, {
    scope: users[0] === undefined ? setting.name : scopeOf(users[0]),
    covers: users.map(scopeOf),
    title: `the forward proxy in ${setting.name} ${what}`,
    explanation: `${setting.usedBy === 'go' ? 'Every download of go that uses it fails' : `What ${setting.usedBy} does through it fails`}: ${hostOf(tried)} ${
      isLoopback(tried.address.host)
        ? 'is this machine itself, which in a container is the container.'
        : 'does not do what a forward proxy does.'
    }`,
    severity: severityOf(users),
    evidence: [
      settingEvidence(setting),
      {
        kind: 'response',
        text: `${result.reason}${result.code === '' ? '' : ` (${result.code})`} after ${result.milliseconds} ms`,
        source: hostOf(tried),
      },
    ],
    fix: 'correct the setting, start the proxy, or unset the setting where it is not needed',
    command: setting.removal,
  });
}

function isLoopback(host: string): boolean {
  return /^(?:127\.|localhost$|::1$)/.test(host);
}

/** Go reads the upper case first, curl the lower case, git the lower case for http. */
export function differentCase({ environment }: Patient): readonly ProbeFinding[] {
  return ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'].flatMap((name) => {
    const upper = environment[name] ?? '';
    const lower = environment[name.toLowerCase()] ?? '';
    if (upper === '' || lower === '' || upper === lower) return [];
    return [
      finding('http-proxy-misconfigured', {
        scope: `${name} twice`,
        title: `${name} and ${name.toLowerCase()} have different values`,
        explanation:
          'Go takes the upper case, git and curl the lower case: some downloads work and others do not.',
        severity: 'info',
        evidence: [
          {
            kind: 'setting',
            text: `${name} and ${name.toLowerCase()} differ`,
            source: 'environment',
          },
        ],
        fix: 'give both the same value',
      }),
    ];
  });
}
