import { escapePath, escapeVersion } from '../../gomod/path/index.ts';
import { maskUrl } from '../../masking/index.ts';
import type { DoctorNeeds } from '../needs.ts';
import type { Patient, Sample } from '../patient/index.ts';
import type { Observation, Probe, ProbeFinding, ProbeResult } from '../probe.ts';
import { askProxy } from './ask-proxy.ts';
import type { ProxyAnswers } from './ask-proxy.ts';
import type { Fetched } from './fetch-text.ts';
import { judgeFailure, judgeProxy, oddLine, proxyNotFound } from './judge-proxy.ts';
import { within } from './servers.ts';

/** Where a handshake is only a question beside others. */
const HANDSHAKE_MILLISECONDS = 2000;

/** Asks each proxy of GOPROXY what any build asks: the `.mod`, `.info` and list of one module. */
export const moduleProxiesProbe: Probe = {
  name: 'module-proxies',
  about: 'each GOPROXY entry: answers, content, times',
  limitMilliseconds: 15_000,
  confirms: [
    'proxy-not-found',
    'proxy-unauthorized',
    'proxy-forbidden',
    'proxy-rate-limited',
    'proxy-5xx',
    'proxy-bad-request',
    'proxy-bad-gomod',
    'proxy-non-json',
    'proxy-bad-content',
    'proxy-wrong-version',
    'proxy-fetch-timeout',
    'proxy-file-missing',
    'http-proxy-auth',
    'redirect-problem',
    'http-garbage',
    'conn-eof',
    'net-hang',
    'download-truncated',
    'tcp-connection-reset',
    'tls-clock-skew',
  ],
  async run(patient, needs, signal) {
    const entries = patient.proxies?.proxies ?? [];
    const end = patient.proxies?.end;
    const asked = await Promise.all(
      entries.map(async ({ url, separator }, index) => {
        const hasNext = index + 1 < entries.length || end === 'direct';
        // A failure passes only along a pipe; and what stands behind is asked only when it must.
        const isNeeded = index === 0 && !(separator === '|' && hasNext);
        return examine(needs, url, patient, isNeeded, signal);
      }),
    );
    const isCut = entries.length > 0 && end !== 'direct' && asked.every(isBroken);
    const told = asked.flatMap((result) => result.findings);
    // Each alone may fail; all together are every download.
    const findings = isCut ? told.map(asError) : told;
    const missing = missingEverywhere(patient, asked);
    return {
      observations: asked.flatMap((result) => result.observations),
      findings: missing === undefined ? findings : [...findings, missing],
    };
  },
};

interface Examined extends ProbeResult {
  /** It answered, and certainly has not what was asked. */
  readonly isAbsent: boolean;
  readonly url: string;
}

async function examine(
  needs: DoctorNeeds,
  url: string,
  patient: Patient,
  isNeeded: boolean,
  signal: AbortSignal,
): Promise<Examined> {
  if (/^file:/i.test(url)) return examineTree(needs, url, isNeeded);
  const answers = await askProxy(needs, base(url, patient.sample), patient, signal);
  const isItself = 'failure' in answers && answers.failure.ledTo === undefined;
  const speaksTls = isItself && (await isSecured(needs, url, patient, signal));
  const context = { url, scope: new URL(url).host, isNeeded, speaksTls, sample: patient.sample };
  const findings =
    'failure' in answers ? [judgeFailure(context, answers.failure)] : judgeProxy(context, answers);
  return {
    url,
    isAbsent: !('failure' in answers) && isAbsent(answers.mod.status),
    observations: [observe(url, answers, findings)],
    findings,
  };
}

/** Many servers only hang up when plain HTTP comes to their https port; one handshake more tells it. */
async function isSecured(
  { network }: DoctorNeeds,
  url: string,
  patient: Patient,
  signal: AbortSignal,
): Promise<boolean> {
  const target = patient.targets.find((one) => one.url === new URL(url).origin);
  if (target === undefined || target.isSecure || target.via !== undefined) return false;
  const { endpoint } = target;
  const milliseconds = within(patient, HANDSHAKE_MILLISECONDS);
  const request = { endpoint, serverName: endpoint.host, milliseconds };
  return (await network.handshake(request, signal)).kind === 'done';
}

/** These leave downloads alone. */
const HARMLESS = ['proxy-bad-content', 'tls-clock-skew'];

function isBroken({ findings }: Examined): boolean {
  return findings.some(({ code, severity }) => severity !== 'info' && !HARMLESS.includes(code));
}

function asError(finding: ProbeFinding): ProbeFinding {
  const { code, severity } = finding;
  return severity === 'warning' && !HARMLESS.includes(code)
    ? { ...finding, severity: 'error' }
    : finding;
}

function isAbsent(status: number): boolean {
  return status === 404 || status === 410;
}

/** The URL of everything about one module. Paths of a go.mod file can be escaped. */
function base(
  url: string,
  { path, version }: Sample,
): { readonly at: string; readonly list: string } {
  const escaped = escapePath(path);
  const escapedVersion = escapeVersion(version);
  const folder = `${url.replace(/\/+$/, '')}/${escaped.ok ? escaped.value : path}/@v`;
  return {
    at: `${folder}/${escapedVersion.ok ? escapedVersion.value : version}`,
    list: `${folder}/list`,
  };
}

function observe(
  url: string,
  answers: ProxyAnswers | { readonly failure: { readonly code: string; readonly text: string } },
  findings: readonly ProbeFinding[],
): Observation {
  const subject = maskUrl(url);
  if ('failure' in answers) return { subject, text: answers.failure.code, ok: false };
  const { mod, list, isReused } = answers;
  const reuse = isReused ? 'connection kept' : 'connection not kept';
  const parts = [`status ${mod.status}`, listed(list), 'HTTP/1.1', reuse];
  return {
    subject,
    text: parts.filter((part) => part !== undefined).join(', '),
    ok: findings.every(({ severity }) => severity === 'info'),
    milliseconds: { ...mod.milliseconds, total: mod.total },
  };
}

/** What is no list has no lines that could be counted. */
function listed(list: Fetched): string | undefined {
  if (list.kind === 'failed' || list.status !== 200 || oddLine(list) !== undefined)
    return undefined;
  const versions = list.text.split('\n').filter(Boolean).length;
  return `${versions} version${versions === 1 ? '' : 's'} listed`;
}

async function examineTree(
  { files }: DoctorNeeds,
  url: string,
  isNeeded: boolean,
): Promise<Examined> {
  const path = decodeURIComponent(new URL(url).pathname);
  const status = await files.status(path).catch(() => undefined);
  const ok = status?.kind === 'directory';
  const context = { url, scope: path, isNeeded };
  return {
    url,
    isAbsent: false,
    observations: [{ subject: url, text: ok ? 'a directory' : 'no directory', ok }],
    findings: ok
      ? []
      : [judgeFailure(context, { code: 'proxy-file-missing', text: `${path} is no directory` })],
  };
}

/** Absence is fine as long as somebody else has it: another entry, or where the module lives. */
function missingEverywhere(
  { proxies, sample }: Patient,
  asked: readonly Examined[],
): ProbeFinding | undefined {
  if (!sample.isRequired || asked.length === 0 || proxies?.end === 'direct') return undefined;
  return asked.every(({ isAbsent }) => isAbsent)
    ? proxyNotFound(
        sample,
        asked.map(({ url }) => url),
      )
    : undefined;
}
