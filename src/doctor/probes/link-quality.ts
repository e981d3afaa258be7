import { escapePath, escapeVersion } from '../../gomod/path/index.ts';
import type { Reached } from '../../platform/network/index.ts';
import type { DoctorNeeds } from '../needs.ts';
import type { Patient, Target } from '../patient/index.ts';
import { finding } from '../probe.ts';
import type { Observation, Probe, ProbeFinding, ProbeResult } from '../probe.ts';
import type { Answer } from './ask-proxy.ts';
import { fetchText } from './fetch-text.ts';
import { failedZip, judgeZip, judgeZipStatus } from './judge-zip.ts';
import type { ZipContext } from './judge-zip.ts';
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
    'zip-checksum-error',
    'zip-unexpected-file',
    'module-zip-rejected',
    'proxy-zip-storage-blocked',
    'proxy-rate-limited',
    'proxy-bad-content',
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
  const { sample } = patient;
  const escaped = escapePath(sample.path);
  const version = escapeVersion(sample.version);
  if (!escaped.ok || !version.ok) return { observations: [], findings: [] };
  const url = `${proxy.replace(/\/+$/, '')}/${escaped.value}/@v/${version.value}.zip`;
  const limits = { keepBytes: ZIP_BYTES, limitBytes: ZIP_BYTES };
  const zip = await fetchText(needs, patient, url, signal, limits);
  const scope = new URL(proxy).host;
  const context = { proxy, scope, sample };
  if (zip.kind === 'failed') {
    return {
      observations: [seen(scope, zip.failure.code, false)],
      findings: [failedZip(context, url, zip.failure)],
    };
  }
  if (zip.status !== 200) {
    const refused = judgeZipStatus(context, zip);
    return { observations: [], findings: refused === undefined ? [] : [refused] };
  }
  const milliseconds = Math.max(1, zip.milliseconds['transfer'] ?? zip.total);
  const speed = (zip.bytes / milliseconds) * 1000;
  const text = `${Math.round(zip.bytes / 1024)} KiB of ${sample.path} in ${zip.total} ms`;
  const isSlow = zip.bytes >= SPEED_BYTES && speed < SLOW_BYTES_PER_SECOND;
  const broken = await checkZip(needs, context, zip, signal);
  const findings = [
    ...(broken === undefined ? [] : [broken]),
    ...(isSlow ? [slow(scope, url, speed)] : []),
  ];
  return { observations: [seen(scope, text, findings.length === 0)], findings };
}

async function checkZip(
  { zips }: DoctorNeeds,
  context: ZipContext,
  { url, bytes, content }: Answer,
  signal: AbortSignal,
): Promise<ProbeFinding | undefined> {
  // Cut here, so it cannot be judged.
  if (bytes > content.length) return undefined;
  const { path, version } = context.sample;
  const source = { kind: 'bytes', bytes: new Uint8Array(content) } as const;
  return judgeZip(context, url, await zips.check({ path, version, source, signal }));
}

function seen(subject: string, text: string, ok: boolean): Observation {
  return { subject, text: `zip: ${text}`, ok };
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
