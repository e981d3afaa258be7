import { catalogue, createDiagnoser, renderDiagnosis } from '../failures/index.ts';
import type { Diagnosed, Diagnosis, FailureClass } from '../failures/index.ts';
import { safeText } from '../finding/index.ts';
import type { Finding } from '../finding/index.ts';
import { classifiedExitCodes } from '../guard/index.ts';
import type { FailureReader } from '../guard/index.ts';
import { certainFinding, requestsIn } from './engine-cause.ts';
import { failureOfReason } from './failure-of-reason.ts';
import { nameUpstreams } from './name-upstreams.ts';
import type { EnginePlace } from './name-upstreams.ts';

/** The way to the engine below its secret path. */
const SECRET_PATH = /\/-\/run\/[0-9a-f]{32}/u;

const WRONG_BYTES = /mismatch|fork|bad-record/u;
const MOST_EVIDENCE = 3;
/** The status of an answer whose body never came to its end: there no text of the engine is. */
const BROKEN_OFF = 200;

/** The end of what a command says, where the engine's answers are looked for: `go` prints them last. */
const TAIL_BYTES = 256 * 1024;
/** A build that succeeds says some kilobytes. */
const KEPT_BYTES = 1024 * 1024;

/**
 * Reads the stderr of a guarded command as `cofferdam diagnose` would. Most commands succeed and say
 * little: nothing is made ready before one fails, or says more than is kept.
 */
export function readFailure(engine: () => EnginePlace | undefined): FailureReader {
  let head: Uint8Array[] = [];
  let kept = 0;
  let tail = Buffer.alloc(0);
  let reading: Diagnosis | undefined;

  function begin(): Diagnosis {
    const diagnosis = createDiagnoser().start({ source: 'output' });
    for (const bytes of head) diagnosis.write(bytes);
    head = [];
    return diagnosis;
  }

  /** What the engine knows of a failed request goes before what `go` saw of it. */
  function decide(): Diagnosed {
    const diagnosed = (reading ?? begin()).end();
    const place = engine();
    const [said] = diagnosed.findings;
    const isAboutEngine =
      said === undefined || said.evidence.some(({ text }) => SECRET_PATH.test(text));
    if (place === undefined || !isAboutEngine) return diagnosed;
    const told = requestsIn(tail.toString(), place.failedRequests());
    const known = told.flatMap((request) => {
      const id = failureOfReason(request.reason);
      return id === undefined ? [] : [{ ...request, id }];
    });
    // Wrong bytes are the worst of what may have happened, whatever else did.
    const root = known.find(({ id }) => WRONG_BYTES.test(id)) ?? known[0];
    if (root === undefined) {
      // The engine's own text, which stands above, says it; a guess would only contradict it.
      return told.some(({ status }) => status !== BROKEN_OFF)
        ? { ...diagnosed, outcome: 'unknown-failure', findings: [] }
        : diagnosed;
    }
    const causes = known.filter(({ id }) => id === root.id).slice(0, MOST_EVIDENCE);
    const texts = [...causes.map(({ cause }) => cause), `asked: ${place.address}${root.path}`];
    const evidence = texts.map((text) => ({ kind: 'engine', text: safeText(text) }));
    const finding = certainFinding(root.id, root.cause, evidence);
    if (finding === undefined) return diagnosed;
    return { ...diagnosed, outcome: 'diagnosed', findings: [finding] };
  }

  /** A log says nothing of a wait, and a command that was stopped says what stopped it. */
  function hung({ url, silentMilliseconds }: Silent): Diagnosed {
    const cause = `nothing came from ${url} for ${Math.round(silentMilliseconds / 1000)} s`;
    const evidence = [{ kind: 'engine', text: safeText(cause) }];
    const finding = certainFinding('net-hang', cause, evidence);
    const diagnosed = (reading ?? begin()).end();
    if (finding === undefined) return diagnosed;
    return { ...diagnosed, outcome: 'diagnosed', findings: [finding] };
  }

  return {
    write(bytes) {
      const both = Buffer.concat([tail, bytes]);
      tail = both.length > 2 * TAIL_BYTES ? Buffer.from(both.subarray(-TAIL_BYTES)) : both;
      kept += bytes.length;
      if (reading !== undefined) reading.write(bytes);
      else head.push(Uint8Array.from(bytes));
      if (kept > KEPT_BYTES) reading ??= begin();
    },
    end(silent) {
      const diagnosed = silent === undefined ? decide() : hung(silent);
      const findings = diagnosed.findings.map((finding) => nameUpstreams(finding, engine()));
      return {
        findings,
        text: renderDiagnosis([{ ...diagnosed, source: 'output', findings }], 'text'),
        exitCode: exitCodeOf(findings[0]),
      };
    },
  };
}

type Silent = NonNullable<Parameters<FailureReader['end']>[0]>;

/** What only somebody with other rights or credentials can change. */
const DENIED =
  /auth|forbidden|unauthorized|denied|publickey|secret-missing|storage-blocked|cache-readonly/u;

/** The settings of Go or of the network decide here, not the code. */
const CONFIGURATION: ReadonlySet<FailureClass> = new Set([
  'dns',
  'tcp',
  'tls',
  'forward-proxy',
  'module-proxy',
  'checksum-database',
  'toolchain',
]);

/** interface.md, exit codes of `run --classify-exit`; undefined leaves the command's own. */
function exitCodeOf(root: Finding | undefined): number | undefined {
  // Neither a setting nor another try makes wrong bytes right.
  if (root === undefined || WRONG_BYTES.test(root.code)) return undefined;
  if (root.retry === 'transient' || root.retry === 'transient-then-permanent') {
    return classifiedExitCodes.transient;
  }
  if (DENIED.test(root.code)) return classifiedExitCodes.denied;
  const failure = catalogue.find(({ id }) => id === root.code);
  return failure !== undefined && CONFIGURATION.has(failure.class)
    ? classifiedExitCodes.configuration
    : undefined;
}
