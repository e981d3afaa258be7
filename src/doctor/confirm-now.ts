import { canConfirm, isSign } from './confirm.ts';
import type { DoctorNeeds } from './needs.ts';
import { gatherPatient } from './patient/index.ts';
import type { Patient, PatientOptions } from './patient/index.ts';
import type { Probe, ProbeFinding } from './probe.ts';
import { addressCodes, createAddressProbe, probes } from './probes/index.ts';
import { runProbes } from './run-probes.ts';
import type { Examination } from './run-probes.ts';
import { narrow } from './suspicion.ts';
import type { Scope, Suspicion } from './suspicion.ts';

/** Whether a suspicion is so at this moment, with the words that show it. */
export interface Confirmation {
  readonly state: 'confirmed' | 'not-seen';
  /** One line without secrets. */
  readonly proof: string;
}

/**
 * Who asks waits for the answer behind something that has failed already. With these, silence of a resolver is told
 * after 2.2 s, of an address after 1.9 s (TCP has sent its first packet again by then), after a request 3.6 s.
 */
const PATIENCE = 0.6;
const PROBE_MILLISECONDS = 4500;

/** Who says so wants not to be asked again. */
const NEVER = ['proxy-rate-limited', 'git-rate-limited'];

/** They look at the servers and modules that were named, and see all that the failure was about. */
const OF_NAMED = ['resolvers', 'connections', 'certificates', 'forward-proxies', 'repositories'];

/**
 * The ordinary probes that can tell one id, on what was named alone. Undefined where none of them can, or where what
 * they saw decides nothing.
 */
export async function confirmNow(
  needs: DoctorNeeds,
  options: Pick<PatientOptions, 'directory' | 'environment' | 'resolvers'>,
  suspicion: Suspicion,
  signal: AbortSignal,
): Promise<Confirmation | undefined> {
  const { id } = suspicion;
  const able = probes.filter((probe) => probe.deepOnly !== true && canConfirm(probe, id));
  if (NEVER.includes(id) || (able.length === 0 && !isOfAddress(id))) return undefined;
  const whole = await gatherPatient(needs, { ...options, deep: false, patience: PATIENCE }, signal);
  const scope = narrow(whole, suspicion);
  const { patient } = scope;
  const chosen = choose(able, id, scope);
  if (chosen.length === 0) return undefined;
  if (patient.targets.some(({ isSecure }) => isSecure)) await needs.readTrust();
  const seen = await runProbes(chosen.map(shortened), patient, needs, signal);
  const said = suspicion.said.join('\n');
  const sign = [...seen.findings, ...seen.hidden].find(
    (finding) => isSign(finding, id) && isAbout(finding, patient, said),
  );
  if (sign !== undefined) return { state: 'confirmed', proof: proofOf(sign) };
  return isSettled(chosen, able, id) ? absence(seen) : undefined;
}

function isOfAddress(id: string): boolean {
  return canConfirm({ confirms: addressCodes }, id);
}

function choose(able: readonly Probe[], id: string, { patient, url }: Scope): readonly Probe[] {
  if (url !== undefined && isOfAddress(id)) return [createAddressProbe(url, id)];
  const hasServers = patient.targets.length > 0;
  const hasModules = patient.privateModules.length > 0;
  const named = able.filter(({ name }) => {
    if (name === 'repositories') return hasModules;
    return OF_NAMED.includes(name) && hasServers;
  });
  if (named.length > 0) return named;
  return able.filter(({ name }) => {
    if (OF_NAMED.includes(name)) return false;
    return name !== 'module-proxies' || hasServers;
  });
}

function shortened(probe: Probe): Probe {
  return {
    ...probe,
    limitMilliseconds: Math.min(probe.limitMilliseconds, PROBE_MILLISECONDS / PATIENCE),
  };
}

/** Forward proxies of git and npm, and other directories than the one that was told of, are another matter. */
function isAbout({ scope, evidence }: ProbeFinding, patient: Patient, said: string): boolean {
  if (/^(?:git|npm) /.test(scope)) return false;
  const place = /^(?:GOMODCACHE|GOCACHE|GOTMPDIR|TMPDIR)$/.test(scope)
    ? patient.go.values.get(scope) || patient.environment[scope] || '/tmp'
    : undefined;
  if (place === undefined) return true;
  return said.includes(place) || evidence.some(({ source = '?' }) => said.includes(source));
}

function proofOf({ title, evidence }: ProbeFinding): string {
  const [first] = evidence;
  if (first === undefined) return title;
  return first.source === undefined ? first.text : `${first.source}: ${first.text}`;
}

/** Only what saw the whole of it may say that it is gone. */
function isSettled(chosen: readonly Probe[], able: readonly Probe[], id: string): boolean {
  // Under another name, such as a wrong checksum, it is more than what a request shows.
  if (chosen.some(({ name }) => name === 'asked-address')) return addressCodes.includes(id);
  const named = able.filter(({ name }) => OF_NAMED.includes(name));
  return !isOfAddress(id) && named.length > 0 && named.every((probe) => chosen.includes(probe));
}

/** More of the same says nothing more. */
const MOST_SEEN = 2;

function absence({ probes: reports, findings, hidden }: Examination): Confirmation | undefined {
  const isSound = [...findings, ...hidden].every(({ severity }) => severity === 'info');
  if (!isSound || reports.some(({ state }) => state !== 'done')) return undefined;
  const seen = reports.flatMap(({ observations }) => observations).filter(({ ok }) => ok);
  if (seen.length === 0) return undefined;
  const proof = seen.slice(0, MOST_SEEN).map(({ subject, text }) => `${subject}: ${text}`);
  return { state: 'not-seen', proof: proof.join('; ') };
}
