import { catalogue } from '../failures/index.ts';
import type { Evidence, Finding } from '../finding/index.ts';
import type { FailedRequest } from './failure-of-reason.ts';

/**
 * `go` speaks to our engine, so its own words name a proxy and a status of ours. What happened behind the
 * engine is what the engine recorded of the same request.
 */

/** The URL of a request of `go` to the engine of `run`, wherever in a line. */
const ASKED = /\/-\/run\/[0-9a-f]{32}(?<path>\/[^\s"]{1,2000})/gu;

/** Those of the failed requests that a log complains of, in its order, each once. */
export function requestsIn(
  log: string,
  failed: readonly FailedRequest[],
): readonly FailedRequest[] {
  // Of several tries the last one ended it.
  const known = new Map(failed.map((request) => [request.path, request]));
  const paths = new Set(
    Array.from(log.matchAll(ASKED), ({ groups }) => (groups?.['path'] ?? '').replace(/:$/u, '')),
  );
  return [...paths].flatMap((path) => known.get(path) ?? []);
}

const PLAIN_401 = /\bhttp:\/\/\S+ answered 401\b/u;
/** What the catalogue advises helps nobody there. */
const REMEDY_OF_PLAIN =
  'credentials are sent over https only: name the https address of that proxy in GOPROXY, or let it answer without them; over http neither netrc nor GOAUTH helps, not even to this machine itself';

/** A cause that is known for certain: nobody had to read it out of a log. */
export function certainFinding(
  id: string,
  cause: string,
  evidence: readonly Evidence[],
): Finding | undefined {
  const about = /^(\S{1,500}) (?:\([^)]{1,40}\) )?(?:could not be|was refused)/u.exec(cause)?.[1];
  const failure = catalogue.find((one) => one.id === id);
  if (failure === undefined) return undefined;
  const { title, meaning, owner, retry } = failure;
  const remedy =
    id === 'proxy-unauthorized' && PLAIN_401.test(cause) ? REMEDY_OF_PLAIN : failure.remedy;
  return {
    code: id,
    title,
    explanation: about === undefined ? meaning : `${meaning} It concerns ${about}.`,
    severity: 'error',
    confidence: 0.98,
    evidence,
    // Commands of the catalogue want names that only the log of a build without us would have.
    fix: { text: remedy, edits: [] },
    owner,
    retry,
    dependsOn: [],
    checked: 'not-checked',
  };
}
