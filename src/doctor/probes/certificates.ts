import { goServices } from '../../go-services.ts';
import type { CertificateFacts, Handshake } from '../../platform/network/index.ts';
import type { DoctorNeeds } from '../needs.ts';
import { tlsCode } from '../explain-http-error.ts';
import type { Patient, Target } from '../patient/index.ts';
import { finding } from '../probe.ts';
import type { Observation, Probe, ProbeFinding } from '../probe.ts';
import { failureTexts } from './failure-texts.ts';
import { rootStoreFinding } from './root-store.ts';
import { endpointOfProxy, scopeOf, within } from './servers.ts';

/** Go gives a handshake ten seconds; a sound one needs two round trips. */
const HANDSHAKE_MILLISECONDS = 5000;

type Done = Extract<Handshake, { kind: 'done' }>;

/** A TLS handshake with each server, and what its certificates say. */
export const certificatesProbe: Probe = {
  name: 'certificates',
  about: 'TLS with each server: version, chain, issuer, dates',
  limitMilliseconds: 10_000,
  confirms: [
    'tls-unknown-ca',
    'tls-no-root-store',
    'tls-cert-expired',
    'tls-clock-skew',
    'tls-hostname-mismatch',
    'tls-legacy-common-name',
    'tls-handshake-timeout',
    'tls-handshake-rejected',
    'tls-plaintext-peer',
    'tls-weak-cert',
    'tls-intercepted',
    'tls-cert-expires-soon',
    'tcp-connection-reset',
    'conn-eof',
  ],
  async run(patient, needs, signal) {
    const targets = patient.targets.filter(({ isSecure }) => isSecure);
    const roots = targets.length === 0 ? undefined : await rootStoreFinding(patient, needs);
    const results = await Promise.all(
      targets.map(async (target) => examineTarget(patient, target, needs, signal)),
    );
    return {
      observations: results.flatMap(({ observations }) => observations),
      findings: [
        ...(roots === undefined ? [] : [roots]),
        ...results.flatMap(({ findings }) => findings),
      ],
    };
  },
};

async function examineTarget(
  patient: Patient,
  target: Target,
  { network, clock }: DoctorNeeds,
  signal: AbortSignal,
): Promise<{
  readonly observations: readonly Observation[];
  readonly findings: readonly ProbeFinding[];
}> {
  // Tunnels of SOCKS are opened by the HTTP client alone, which reports what it meets.
  if (target.via?.scheme.startsWith('socks') === true) return { observations: [], findings: [] };
  const result = await network.handshake(
    {
      endpoint: target.endpoint,
      serverName: target.endpoint.host,
      proxy: target.via === undefined ? undefined : endpointOfProxy(target.via),
      milliseconds: within(patient, HANDSHAKE_MILLISECONDS),
    },
    signal,
  );
  const findings =
    result.kind === 'failed'
      ? judgeFailed(target, result)
      : judgeDone(target, result, clock.epochMilliseconds());
  const isFine = findings.every(({ severity }) => severity === 'info');
  return {
    observations: [
      {
        subject: scopeOf(target),
        text: describe(result),
        ok: isFine && result.kind === 'done',
        milliseconds: { total: result.milliseconds },
      },
    ],
    findings,
  };
}

function describe(result: Handshake): string {
  if (result.kind === 'failed') return `no handshake: ${result.reason}`;
  const [leaf] = result.chain;
  const days = leaf === undefined ? '' : `, valid until ${dateOf(leaf.validTo)}`;
  const protocol = result.application === '' ? 'no ALPN' : result.application;
  return `${result.protocol}, ${protocol}, issued by ${leaf?.issuer ?? 'nobody'}${days}`;
}

function dateOf(epochMilliseconds: number): string {
  return Number.isNaN(epochMilliseconds)
    ? 'an unreadable date'
    : Temporal.Instant.fromEpochMilliseconds(epochMilliseconds).toString().slice(0, 10);
}

const FAILED_CODES: Readonly<Partial<Record<string, string>>> = {
  silent: 'tls-handshake-timeout',
  reset: 'tcp-connection-reset',
  closed: 'conn-eof',
  nonsense: 'tls-plaintext-peer',
};

/** What fails before TLS is told by the probes of that. */
function judgeFailed(
  target: Target,
  result: Extract<Handshake, { kind: 'failed' }>,
): readonly ProbeFinding[] {
  if (result.step !== 'tls') return [];
  const code = FAILED_CODES[result.reason] ?? tlsCode(result.code);
  const { title, explanation, fix } = failureTexts(code, scopeOf(target));
  return [
    finding(code, {
      scope: scopeOf(target),
      title,
      explanation,
      severity: target.isNeeded ? 'error' : 'warning',
      evidence: [
        {
          kind: 'response',
          text: `${result.reason} ${result.code} after ${result.milliseconds} ms, in the handshake`,
          source: `TLS with ${scopeOf(target)}`,
        },
      ],
      fix,
    }),
  ];
}

const DAY = 24 * 60 * 60_000;

function judgeDone(target: Target, done: Done, now: number): readonly ProbeFinding[] {
  const broken = brokenCode(done, now);
  if (broken !== undefined) return [brokenCertificate(target, done, broken)];
  const found: ProbeFinding[] = [];
  const [leaf] = done.chain;
  if (leaf !== undefined) {
    // Short-lived certificates are renewed late by design.
    const left = leaf.validTo - now;
    const warnBefore = leaf.validTo - leaf.validFrom < 15 * DAY ? DAY : 5 * DAY;
    if (left < warnBefore) found.push(expiresSoon(target, leaf, left));
  }
  const inspected = inspection(target, done);
  if (inspected !== undefined) found.push(inspected);
  return found;
}

/** The first that is wrong, in the order in which crypto/x509 would meet it, but dates first: they explain distrust. */
function brokenCode(done: Done, now: number): string | undefined {
  const [leaf] = done.chain;
  if (leaf !== undefined && now < leaf.validFrom) return 'tls-clock-skew';
  if (done.chain.some(({ validTo }) => now > validTo) && done.distrust !== undefined) {
    return 'tls-cert-expired';
  }
  if (done.distrust !== undefined && done.chain.some(isWeak)) return 'tls-weak-cert';
  if (done.distrust !== undefined) return tlsCode(done.distrust);
  if (done.namesServer) return undefined;
  return leaf?.names === '' ? 'tls-legacy-common-name' : 'tls-hostname-mismatch';
}

/** Of a root, which vouches for itself, nobody reads the signature. */
function isWeak({ signature, subject, issuer }: CertificateFacts): boolean {
  return /sha-?1|md5/i.test(signature) && subject !== issuer;
}

function chainEvidence(target: Target, done: Done): ProbeFinding['evidence'] {
  return done.chain.map((certificate) => ({
    kind: 'response',
    text: `${certificate.subject || '(no subject)'}, issued by ${certificate.issuer || '(nobody)'}, valid ${dateOf(
      certificate.validFrom,
    )} to ${dateOf(certificate.validTo)}${certificate.names === '' ? '' : `, for ${certificate.names.slice(0, 200)}`}`,
    source: `certificate of ${scopeOf(target)}`,
  }));
}

function brokenCertificate(target: Target, done: Done, code: string): ProbeFinding {
  const { title, explanation, fix } =
    code === 'tls-legacy-common-name'
      ? {
          title: `the certificate of ${scopeOf(target)} names the server in its common name only`,
          explanation: 'Go reads the subject alternative names, and there are none.',
          fix: 'have the certificate issued again, with a subject alternative name',
        }
      : failureTexts(code, scopeOf(target));
  return finding(code, {
    scope: scopeOf(target),
    title,
    explanation: `${explanation}${issuerOf(code, done)}`,
    severity: target.isNeeded ? 'error' : 'warning',
    evidence: chainEvidence(target, done),
    fix,
    command: `openssl s_client -connect ${target.endpoint.host}:${target.endpoint.port} -servername ${target.endpoint.host}`,
    dependsOn: ['tls-no-root-store', 'tls-clock-skew'],
  });
}

function issuerOf(code: string, done: Done): string {
  const last = done.chain.at(-1);
  return code === 'tls-unknown-ca' && last !== undefined ? ` The issuer is: ${last.issuer}.` : '';
}

function expiresSoon(target: Target, leaf: CertificateFacts, left: number): ProbeFinding {
  const hours = Math.max(0, Math.floor(left / 3_600_000));
  return finding('tls-cert-expires-soon', {
    scope: scopeOf(target),
    title: `the certificate of ${scopeOf(target)} expires in ${hours} hour${hours === 1 ? '' : 's'}`,
    explanation: 'From then on every build that asks this server fails.',
    severity: 'warning',
    evidence: [
      { kind: 'response', text: `valid until ${dateOf(leaf.validTo)}`, source: scopeOf(target) },
    ],
    fix: 'have the certificate renewed',
  });
}

/** Authorities of Google, which runs the public servers of Go. */
const GOOGLE_ISSUERS = /Google Trust Services|GlobalSign|\bGTS\b/i;

/** Trusted here, so nothing fails here; what has not the same root fails. */
function inspection(target: Target, done: Done): ProbeFinding | undefined {
  const publicHosts = [new URL(goServices.mirror).host, goServices.checksumDatabase.name];
  const issuer = done.chain[0]?.issuer ?? '';
  if (!publicHosts.includes(target.endpoint.host) || GOOGLE_ISSUERS.test(issuer)) return undefined;
  return finding('tls-intercepted', {
    scope: scopeOf(target),
    title: `something between here and ${scopeOf(target)} opens TLS connections`,
    explanation: `Its certificate is issued by ${issuer}, which is no authority of Google. This machine trusts it; images and tools without that root certificate will not.`,
    severity: 'info',
    confidence: 0.9,
    evidence: chainEvidence(target, done),
    fix: 'put the root certificate of your company into each image before the first download',
  });
}
