import { catalogue, createDiagnoser, renderDiagnosis } from '../failures/index.ts';
import type { Diagnosed, Diagnoser, Diagnosis, FailureClass } from '../failures/index.ts';
import type { Finding } from '../finding/index.ts';
import { classifiedExitCodes } from '../guard/index.ts';
import type { FailureReader } from '../guard/index.ts';
import { inWordsOfGo } from './engine-words.ts';

/** The way to the engine below its secret path: noise in evidence, since the engine is gone by then. */
const SECRET_PATH = /\/-\/run\/[0-9a-f]{32}/u;

/** The end of what a command says, where the engine's answers are looked for: `go` prints them last. */
const TAIL_BYTES = 256 * 1024;
/** A build that succeeds says some kilobytes. */
const KEPT_BYTES = 1024 * 1024;

/**
 * Reads the stderr of a guarded command as `cofferdam diagnose` would. Most commands succeed and say
 * little: nothing is made ready before one fails, or says more than is kept.
 */
export function readFailure(): FailureReader {
  let head: Uint8Array[] = [];
  let kept = 0;
  let tail = Buffer.alloc(0);
  let reading: { readonly diagnoser: Diagnoser; readonly diagnosis: Diagnosis } | undefined;

  function begin(): { readonly diagnoser: Diagnoser; readonly diagnosis: Diagnosis } {
    const diagnoser = createDiagnoser();
    const diagnosis = diagnoser.start({ source: 'stderr' });
    for (const bytes of head) diagnosis.write(bytes);
    head = [];
    return { diagnoser, diagnosis };
  }

  /** What the engine knows of a failed request goes before what `go` saw of it. */
  function decide(): Diagnosed {
    const { diagnoser, diagnosis } = reading ?? begin();
    const diagnosed = diagnosis.end();
    const isAboutEngine = diagnosed.findings[0]?.evidence.some(({ text }) =>
      SECRET_PATH.test(text),
    );
    const known = isAboutEngine === true ? inWordsOfGo(tail.toString()) : '';
    if (known === '') return diagnosed;
    const behind = diagnoser.start({ source: 'the engine of this run' });
    behind.write(Buffer.from(known));
    const verdict = behind.end();
    return verdict.findings.length > 0 ? verdict : diagnosed;
  }

  return {
    write(bytes) {
      const both = Buffer.concat([tail, bytes]);
      tail = both.length > 2 * TAIL_BYTES ? Buffer.from(both.subarray(-TAIL_BYTES)) : both;
      kept += bytes.length;
      if (reading !== undefined) reading.diagnosis.write(bytes);
      else head.push(Uint8Array.from(bytes));
      if (kept > KEPT_BYTES) reading ??= begin();
    },
    end() {
      const diagnosed = decide();
      const findings = diagnosed.findings.map(withoutSecretPath);
      return {
        findings,
        text: renderDiagnosis([{ ...diagnosed, source: 'stderr', findings }], 'text'),
        exitCode: exitCodeOf(findings[0]),
      };
    },
  };
}

function withoutSecretPath(finding: Finding): Finding {
  const evidence = finding.evidence.map((one) => ({
    ...one,
    text: one.text.replaceAll(new RegExp(SECRET_PATH, 'gu'), ''),
  }));
  return { ...finding, evidence };
}

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
  if (root === undefined) return undefined;
  if (root.retry === 'transient' || root.retry === 'transient-then-permanent') {
    return classifiedExitCodes.transient;
  }
  if (DENIED.test(root.code)) return classifiedExitCodes.denied;
  const failure = catalogue.find(({ id }) => id === root.code);
  return failure !== undefined && CONFIGURATION.has(failure.class)
    ? classifiedExitCodes.configuration
    : undefined;
}
