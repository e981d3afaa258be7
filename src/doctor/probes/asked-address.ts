import { maskUrl } from '../../masking/index.ts';
import { canConfirm } from '../confirm.ts';
import type { DoctorNeeds } from '../needs.ts';
import type { Patient } from '../patient/index.ts';
import { finding } from '../probe.ts';
import type { Probe, ProbeFinding } from '../probe.ts';
import type { Answer } from './ask-proxy.ts';
import { excerpt, fetchText } from './fetch-text.ts';
import { judgeFailure, judgeStatus, pageInstead } from './judge-proxy.ts';

/** What one request for the very URL proves, and what only that can disprove: another file says nothing of it. */
export const addressCodes: readonly string[] = [
  'proxy-not-found',
  'proxy-unauthorized',
  'proxy-forbidden',
  'proxy-bad-request',
  'proxy-5xx',
  'proxy-fetch-timeout',
  'redirect-problem',
  'http-garbage',
  'conn-eof',
  'net-hang',
  'download-truncated',
  'tcp-connection-reset',
];

/** These show when the body is read, the others in the headers. */
const IN_BODY = ['net-hang', 'download-truncated', 'tcp-connection-reset'];
/** Larger ones are no small request any more, and their end is not waited for. */
const BODY_BYTES = 4 * 1024 * 1024;
const HEAD_BYTES = 64 * 1024;

/** Asks one URL of a module proxy again, once. */
export function createAddressProbe(url: string, id: string): Probe {
  const readsBody = canConfirm({ confirms: IN_BODY }, id);
  const limitBytes = readsBody ? BODY_BYTES : HEAD_BYTES;
  return {
    name: 'asked-address',
    about: 'the address that was asked',
    limitMilliseconds: 15_000,
    confirms: addressCodes,
    async run(patient: Patient, needs: DoctorNeeds, signal: AbortSignal) {
      const answer = await fetchText(needs, patient, url, signal, { limitBytes });
      const subject = maskUrl(url);
      const scope = new URL(url).host;
      const context = { url, scope, isNeeded: true, sample: patient.sample };
      if (answer.kind === 'failed') {
        const { failure } = answer;
        const observations = [{ subject, text: failure.code, ok: false }];
        return { observations, findings: [judgeFailure(context, failure)] };
      }
      const found =
        pageInstead(context, answer) ?? judgeStatus(context, answer) ?? absence(scope, answer);
      const isCut = readsBody && answer.bytes > limitBytes;
      // What was not read to its end is not known to have one.
      if (found === undefined && isCut) return { observations: [], findings: [] };
      const length = readsBody ? `, ${answer.bytes} bytes` : '';
      const text = `status ${answer.status}${length}`;
      const observations = [{ subject, text, ok: found === undefined }];
      return { observations, findings: found === undefined ? [] : [found] };
    },
  };
}

function absence(scope: string, { status, text, url }: Answer): ProbeFinding | undefined {
  if (status !== 404 && status !== 410) return undefined;
  return finding('proxy-not-found', {
    scope,
    title: `${scope} does not have it`,
    explanation: 'The proxy answers, and says that this does not exist.',
    evidence: [
      { kind: 'response', text: `status ${status}: ${excerpt(text)}`, source: maskUrl(url) },
    ],
    fix: 'if the module is private, name it in GOPRIVATE; else check its path and version in go.mod',
  });
}
