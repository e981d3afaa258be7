import type { HttpFailure } from '../explain-http-error.ts';
import type { SampleModule } from '../patient/index.ts';
import { finding } from '../probe.ts';
import type { ProbeFinding } from '../probe.ts';
import type { Answer } from './ask-proxy.ts';
import { requestTexts } from './failure-texts.ts';
import { excerpt } from './fetch-text.ts';
import { basics } from './judge-proxy.ts';

export interface DatabasePlace {
  readonly name: string;
  readonly base: string;
  /** The proxy that relays it. */
  readonly through: string | undefined;
  /** With a go.sum only what is new needs it. */
  readonly severity: 'error' | 'warning';
}

function scopeOfPlace({ base }: DatabasePlace): string {
  return new URL(base).host;
}

/** What of a proxy makes the same of its relay. */
const PROXY_TROUBLE = [
  ...basics,
  'tcp-connection-reset',
  'conn-eof',
  'net-hang',
  'http-garbage',
  'redirect-problem',
  'download-truncated',
  'proxy-5xx',
  'proxy-unauthorized',
  'proxy-forbidden',
  'proxy-rate-limited',
  'proxy-bad-request',
  'proxy-bad-gomod',
];

export function databaseUnreachable(place: DatabasePlace, failure: HttpFailure): ProbeFinding {
  const { title } = requestTexts(failure, scopeOfPlace(place));
  return finding('sumdb-unreachable', {
    scope: scopeOfPlace(place),
    severity: place.severity,
    title: `the checksum database ${place.name} cannot be reached: ${title}`,
    explanation: `go checks each module that go.sum does not list yet, and fails without the database (${failure.code}).`,
    evidence: [{ kind: 'response', text: failure.text, source: place.base }],
    fix: `use a GOPROXY that relays the database, or have ${scopeOfPlace(place)} allowed; private modules belong into GOPRIVATE`,
    dependsOn: [...PROXY_TROUBLE, failure.code],
  });
}

export function databaseStatus(place: DatabasePlace, answer: Answer): ProbeFinding {
  const isServer = answer.status >= 500;
  return finding(isServer ? 'sumdb-5xx' : 'sumdb-bad-record', {
    scope: scopeOfPlace(place),
    severity: place.severity,
    title: `the checksum database ${place.name} answers with status ${answer.status}`,
    explanation: isServer
      ? 'The database, or the proxy that relays it, fails at the moment.'
      : 'A checksum database answers with 200 or 404. Something on the way answers in its place.',
    evidence: [proof(answer)],
    fix: isServer
      ? 'try again; else use another GOPROXY that relays the database'
      : 'check what stands between this machine and the database',
    dependsOn: PROXY_TROUBLE,
  });
}

function proof(answer: Answer): ProbeFinding['evidence'][number] {
  const text = `status ${answer.status}: ${excerpt(answer.text)}`;
  return { kind: 'response', text, source: answer.url };
}

export function badRecord(place: DatabasePlace, answer: Answer, problem: string): ProbeFinding {
  return finding('sumdb-bad-record', {
    scope: scopeOfPlace(place),
    severity: place.severity,
    title: `what comes as the checksum database ${place.name} is not signed by it or is no record`,
    explanation: `${problem}. go refuses it: a proxy that makes up answers, a page of a portal, or somebody who changes them.`,
    evidence: [proof(answer)],
    fix: 'find and remove what rewrites the answers; do not switch the database off to get through',
    dependsOn: PROXY_TROUBLE,
  });
}

/** It is signed, or at least a record, and says nothing about what was asked. */
export function absentFromRecord(
  place: DatabasePlace,
  { path, version }: SampleModule,
  answer: Answer,
): ProbeFinding {
  return finding('sumdb-absent', {
    scope: scopeOfPlace(place),
    severity: place.severity,
    title: `what ${place.name} answers for ${path}@${version} has no line of it`,
    explanation: 'A cache or a relay on the way gives the record of something else. go refuses it.',
    evidence: [proof(answer)],
    fix: 'have the cache on the way drop this answer; do not switch the database off to get through',
    dependsOn: PROXY_TROUBLE,
  });
}

export function notFound(
  place: DatabasePlace,
  { path, version }: SampleModule,
  answer: Answer,
): ProbeFinding {
  return finding('sumdb-not-found', {
    scope: path,
    title: `the checksum database ${place.name} does not know ${path}@${version}`,
    explanation:
      'go.mod requires it. Unless go.sum lists it already, go refuses it: the module is private, or the version is gone.',
    severity: 'warning',
    evidence: [proof(answer)],
    fix: 'if the module is private, name it in GOPRIVATE; else check its path and version',
    dependsOn: ['proxy-not-found'],
  });
}
