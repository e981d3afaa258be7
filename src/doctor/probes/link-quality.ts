import { escapePath, escapeVersion } from '../../gomod/path/index.ts';
import type { Reached } from '../../platform/network/index.ts';
import type { DoctorNeeds } from '../needs.ts';
import type { Patient, Target } from '../patient/index.ts';
import { finding } from '../probe.ts';
import type { Observation, Probe, ProbeFinding, ProbeResult } from '../probe.ts';
import { fetchText } from './fetch-text.ts';
import { addressesOf, firstHop, scopeOf, within } from './servers.ts';

/** Enough to see one loss in five, few enough to bother nobody. */
const TRIES = 10;
const PAUSE_MILLISECONDS = 150;
const CONNECT_MILLISECONDS = 3000;
/** One loss of ten is the weather; from three on it is the link. */
const LOSSES = 3;
/** A build with a hundred megabytes of modules would take half an hour. */
const SLOW_BYTES_PER_SECOND = 64 * 1024;
/** Less than this is over before a speed can be seen. */
const SPEED_BYTES = 256 * 1024;
const ZIP_BYTES = 8 * 1024 * 1024;

/** Ten connections and one zip: losses, jitter and speed. */
export const linkQualityProbe: Probe = {
  name: 'link-quality',
  about: 'link quality: ten connections, and one zip',
  limitMilliseconds: 60_000,
  deepOnly: true,
  confirms: [
    'link-slow',
    'download-truncated',
    'tcp-connection-reset',
    'zip-not-valid',
    'net-hang',
  ],
  async run(patient, needs, signal) {
    const results = await Promise.all([
      ...patient.targets.map(async (target) => tryOften(patient, needs, target, signal)),
      ...(patient.proxies?.proxies ?? [])
        .filter(({ url }) => !/^file:/i.test(url))
        .map(async ({ url }) => fetchZip(patient, needs, url, signal)),
    ]);
    return {
      observations: results.flatMap(({ observations }) => observations),
      findings: results.flatMap(({ findings }) => findings),
    };
  },
};

async function tryOften(
  patient: Patient,
  needs: DoctorNeeds,
  target: Target,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const { host, port } = firstHop(target);
  const [address] = await addressesOf(needs, patient, host, signal);
  if (address === undefined) return { observations: [], findings: [] };
  const tries: Reached[] = [];
  const limit = within(patient, CONNECT_MILLISECONDS);
  for (let left = TRIES; left > 0; left -= 1) {
    tries.push(await needs.network.connect({ host: address, port }, limit, signal));
    await needs.clock.sleep(PAUSE_MILLISECONDS, signal);
  }
  const times = tries
    .flatMap((one) => (one.kind === 'connected' ? [one.milliseconds] : []))
    .toSorted((left, right) => left - right);
  const lost = TRIES - times.length;
  const [fastest = 0] = times;
  const slowest = times.at(-1) ?? 0;
  const text = `${times.length} of ${TRIES} connections, ${fastest} to ${slowest} ms`;
  const isBroken = lost >= LOSSES && times.length > 0;
  const subject = scopeOf(target);
  return {
    observations: [{ subject, text, ok: !isBroken, milliseconds: { fastest, slowest } }],
    // Where none is made, the connection itself is what is wrong.
    findings: isBroken ? [lossy(target, tries, lost)] : [],
  };
}

function lossy(target: Target, tries: readonly Reached[], lost: number): ProbeFinding {
  const reasons = tries.flatMap((one) => (one.kind === 'failed' ? [one.reason] : []));
  return finding('link-slow', {
    scope: scopeOf(target),
    title: `${lost} of ${TRIES} connections to ${scopeOf(target)} fail`,
    explanation: 'Builds that download much then fail now and then, each time at another module.',
    severity: 'warning',
    evidence: [
      {
        kind: 'response',
        text: [...new Set(reasons)].join(', '),
        source: `TCP to ${scopeOf(target)}`,
      },
    ],
    fix: 'ask whoever runs the network; meanwhile a module proxy of your own near the builds tries again for them',
  });
}

/** One whole zip, as a build would fetch it. */
async function fetchZip(
  patient: Patient,
  needs: DoctorNeeds,
  proxy: string,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const { path, version } = patient.sample;
  const escaped = escapePath(path);
  const escapedVersion = escapeVersion(version);
  if (!escaped.ok || !escapedVersion.ok) return { observations: [], findings: [] };
  const url = `${proxy.replace(/\/+$/, '')}/${escaped.value}/@v/${escapedVersion.value}.zip`;
  const zip = await fetchText(needs, patient, url, signal, { keepBytes: 4, limitBytes: ZIP_BYTES });
  const scope = new URL(proxy).host;
  if (zip.kind === 'failed') {
    return {
      observations: [seen(scope, zip.failure.code, false)],
      findings: [failedZip(scope, url, zip.failure)],
    };
  }
  if (zip.status !== 200) return { observations: [], findings: [] };
  const milliseconds = Math.max(1, zip.milliseconds['transfer'] ?? zip.total);
  const speed = (zip.bytes / milliseconds) * 1000;
  const text = `${Math.round(zip.bytes / 1024)} KiB of ${path} in ${zip.total} ms`;
  const isZip = zip.text.startsWith('PK');
  const isSlow = zip.bytes >= SPEED_BYTES && speed < SLOW_BYTES_PER_SECOND;
  const findings = [
    ...(isZip ? [] : [notZip(scope, url, zip.text)]),
    ...(isSlow ? [slow(scope, url, speed)] : []),
  ];
  return { observations: [seen(scope, text, findings.length === 0)], findings };
}

function seen(subject: string, text: string, ok: boolean): Observation {
  return { subject, text: `zip: ${text}`, ok };
}

function failedZip(
  scope: string,
  url: string,
  { code, text }: { readonly code: string; readonly text: string },
): ProbeFinding {
  return finding(code, {
    scope,
    title: `a zip of ${scope} cannot be downloaded: ${code}`,
    explanation:
      'Small files come and this one does not: a limit or a filter on the way, or an unfinished file at the proxy.',
    evidence: [{ kind: 'response', text, source: url }],
    fix: 'fetch the URL twice by hand and compare the lengths; then ask whoever runs the proxy or the filter',
  });
}

function notZip(scope: string, url: string, start: string): ProbeFinding {
  return finding('zip-not-valid', {
    scope,
    title: `${scope} sends something that is no zip`,
    explanation: 'Each zip starts with "PK", and this answer does not.',
    evidence: [{ kind: 'response', text: `it starts with ${JSON.stringify(start)}`, source: url }],
    fix: 'have the proxy drop its copy; check that nothing on the way rewrites answers',
    dependsOn: ['proxy-bad-gomod', 'redirect-problem'],
  });
}

function slow(scope: string, url: string, bytesPerSecond: number): ProbeFinding {
  return finding('link-slow', {
    scope,
    title: `downloads from ${scope} run at ${Math.round(bytesPerSecond / 1024)} KiB/s`,
    explanation: 'A build with many modules then takes its whole time for downloads.',
    severity: 'warning',
    evidence: [
      { kind: 'response', text: `${Math.round(bytesPerSecond)} bytes per second`, source: url },
    ],
    fix: 'use a module proxy that is nearer, or keep the module cache between builds',
  });
}
