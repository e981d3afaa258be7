import type { Finding } from '../finding/index.ts';
import { parseUpstreamList } from '../proxy/index.ts';
import type { FailedRequest } from './failure-of-reason.ts';

/** The engine of one `run`, which is gone when anybody reads of it, and whom it asked. */
export interface EnginePlace {
  /** `http://127.0.0.1:PORT` */
  readonly address: string;
  /** Go's GOPROXY syntax. */
  readonly upstream: string;
  /** What `go` asked and could not have because of upstreams, the oldest first. */
  readonly failedRequests: () => readonly FailedRequest[];
}

/** The way to the engine below its secret path. */
const SECRET_PATH = /\/-\/run\/[0-9a-f]{32}/gu;

/** What `go` says of the engine is about the user's own list: the finding names that instead. */
export function nameUpstreams(
  finding: Finding,
  place: Pick<EnginePlace, 'address' | 'upstream'> | undefined,
): Finding {
  const known = place === undefined ? undefined : namesOf(place);
  function named(text: string): string {
    const bare = text.replaceAll(SECRET_PATH, '');
    if (known === undefined) return bare;
    return bare.replaceAll(known.address, known.bases).replaceAll(known.host, known.hosts);
  }
  const { title, explanation, evidence, fix } = finding;
  return {
    ...finding,
    title: named(title),
    explanation: named(explanation),
    evidence: evidence.map((one) => ({ ...one, text: named(one.text) })),
    fix: fix && {
      ...fix,
      text: named(fix.text),
      ...(fix.command === undefined ? {} : { command: named(fix.command) }),
    },
  };
}

interface Names {
  readonly address: string;
  readonly host: string;
  readonly bases: string;
  readonly hosts: string;
}

function namesOf({ address, upstream }: Pick<EnginePlace, 'address' | 'upstream'>): Names {
  const { entries } = parseUpstreamList(upstream);
  const names = entries.map(({ name }) => name);
  const hosts = names.map((name) => (URL.canParse(name) ? new URL(name).host : '') || name);
  return {
    address,
    host: new URL(address).host,
    bases: names.length === 1 ? (names[0] ?? '') : `{${names.join(',')}}`,
    hosts: hosts.join(' or '),
  };
}
