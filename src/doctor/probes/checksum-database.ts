import { goServices } from '../../go-services.ts';
import { escapePath, escapeVersion, matchesPatterns } from '../../gomod/path/index.ts';
import type { DoctorNeeds } from '../needs.ts';
import type { Patient } from '../patient/index.ts';
import type { Observation, Probe, ProbeFinding, ProbeResult } from '../probe.ts';
import { fetchText } from './fetch-text.ts';
import { checksumProblem } from './checksum-problem.ts';
import {
  absentFromRecord,
  badRecord,
  databaseUnreachable,
  databaseStatus,
  notFound,
} from './judge-checksum-database.ts';
import type { DatabasePlace } from './judge-checksum-database.ts';

/** The way that `go` takes to the database: `supported`, the signed tree head, and one record. */
export const checksumDatabaseProbe: Probe = {
  name: 'checksum-database',
  about: 'the checksum database, as go reaches it',
  limitMilliseconds: 15_000,
  confirms: [
    'sumdb-unreachable',
    'sumdb-5xx',
    'sumdb-bad-record',
    'sumdb-absent',
    'sumdb-not-found',
  ],
  async run(patient, needs, signal) {
    const value = patient.go.values.get('GOSUMDB') ?? '';
    const isAsked = patient.proxies?.end !== 'off' || patient.proxies.proxies.length > 0;
    if (value === 'off' || value === '' || checksumProblem(value) !== undefined || !isAsked) {
      return { observations: [], findings: [] };
    }
    const place = await findDatabase(patient, needs, value, signal);
    return 'findings' in place ? place : examine(patient, needs, place, signal);
  },
};

interface Database {
  readonly name: string;
  readonly key: string;
  /** Asked there whatever GOPROXY says. */
  readonly url: string | undefined;
}

function parseDatabase(value: string): Database {
  const known = goServices.checksumDatabase;
  const [first = '', second] = value.split(/\s+/).filter((field) => field !== '');
  if (first === known.alias.name) return { ...known, url: known.alias.url };
  if (first === known.name) return { ...known, url: second };
  return { name: first.split('+')[0] ?? '', key: first, url: second };
}

/** Each proxy is asked whether it relays the database; 404 and 410 send `go` on (go.dev/ref/mod#checksum-database). */
async function findDatabase(
  patient: Patient,
  needs: DoctorNeeds,
  value: string,
  signal: AbortSignal,
): Promise<(DatabasePlace & { readonly key: string }) | ProbeResult> {
  const { name, key, url } = parseDatabase(value);
  const severity = patient.hasSums ? 'warning' : 'error';
  if (url !== undefined) {
    return { name, key, base: url.replace(/\/+$/, ''), through: undefined, severity };
  }
  for (const proxy of patient.proxies?.proxies ?? []) {
    if (/^file:/i.test(proxy.url)) continue;
    const base = `${proxy.url.replace(/\/+$/, '')}/sumdb/${name}`;
    const place: DatabasePlace & { readonly key: string } = {
      name,
      key,
      base,
      through: proxy.url,
      severity,
    };
    const supported = await fetchText(needs, patient, `${base}/supported`, signal);
    // The proxy itself is the matter of another probe, and without it go does not get here.
    if (supported.kind === 'failed') {
      return failed(place, [databaseUnreachable(place, supported.failure)]);
    }
    if (supported.status === 200) return place;
    if (supported.status !== 404 && supported.status !== 410) {
      return failed(place, [databaseStatus(place, supported)]);
    }
  }
  return { name, key, base: `https://${name}`, through: undefined, severity };
}

function failed(place: DatabasePlace, findings: readonly ProbeFinding[]): ProbeResult {
  const [first] = findings;
  return { observations: [observe(place, first?.code ?? 'failed', false)], findings };
}

function observe(
  { name, through }: DatabasePlace,
  text: string,
  ok: boolean,
  milliseconds?: Observation['milliseconds'],
): Observation {
  const way = through === undefined ? 'directly' : `through ${new URL(through).host}`;
  return { subject: name, text: `${way}: ${text}`, ok, milliseconds };
}

async function examine(
  patient: Patient,
  needs: DoctorNeeds,
  place: DatabasePlace & { readonly key: string },
  signal: AbortSignal,
): Promise<ProbeResult> {
  const latest = await fetchText(needs, patient, `${place.base}/latest`, signal);
  if (latest.kind === 'failed') return failed(place, [databaseUnreachable(place, latest.failure)]);
  if (latest.status !== 200) return failed(place, [databaseStatus(place, latest)]);
  const problem = needs.treeHeadProblem(Buffer.from(latest.text), place.key);
  if (problem !== undefined) return failed(place, [badRecord(place, latest, problem)]);
  const size = latest.text.split('\n')[1] ?? '';
  const record = await lookUp(patient, needs, place, signal);
  return {
    observations: [
      observe(place, `signed tree of ${size} records`, record === undefined, {
        ...latest.milliseconds,
        total: latest.total,
      }),
    ],
    findings: record === undefined ? [] : [record],
  };
}

/** One record, of a module that is public anyway. */
async function lookUp(
  patient: Patient,
  needs: DoctorNeeds,
  place: DatabasePlace,
  signal: AbortSignal,
): Promise<ProbeFinding | undefined> {
  const { path, version } = patient.sample;
  const isPrivate = matchesPatterns(patient.go.values.get('GONOSUMDB') ?? '', path);
  const escaped = escapePath(path);
  const escapedVersion = escapeVersion(version);
  if (isPrivate || !escaped.ok || !escapedVersion.ok) return undefined;
  const url = `${place.base}/lookup/${escaped.value}@${escapedVersion.value}`;
  const record = await fetchText(needs, patient, url, signal);
  if (record.kind === 'failed') return databaseUnreachable(place, record.failure);
  if (record.status === 404 || record.status === 410) {
    return patient.sample.isRequired ? notFound(place, patient.sample, record) : undefined;
  }
  if (record.status !== 200) return databaseStatus(place, record);
  const line = `${path} ${version} h1:`;
  if (record.text.includes(`\n${line}`)) return undefined;
  // A record is a number, lines of go.sum, and a signed tree head (go.dev/design/25530-sumdb).
  return /^\d+\n\S+ v\S+ h1:/.test(record.text)
    ? absentFromRecord(place, patient.sample, record)
    : badRecord(place, record, `it does not hold a line "${line}…"`);
}
