import type { HttpFailure } from '../explain-http-error.ts';
import type { ZipVerdict } from '../../module-zip/index.ts';
import { maskUrl } from '../../masking/index.ts';
import type { Sample } from '../patient/index.ts';
import { finding } from '../probe.ts';
import type { ProbeFinding } from '../probe.ts';
import type { Answer } from './ask-proxy.ts';
import { excerpt } from './fetch-text.ts';
import { requestTexts } from './failure-texts.ts';
import { judgeStatus } from './judge-proxy.ts';

export interface ZipContext {
  readonly proxy: string;
  readonly scope: string;
  readonly sample: Sample;
}

/** What is wrong where the small files of the same version are right. */
export function judgeZipStatus(
  { proxy, scope, sample }: ZipContext,
  answer: Answer,
): ProbeFinding | undefined {
  if (answer.status !== 403) {
    return judgeStatus({ url: proxy, scope, isNeeded: true, sample }, answer);
  }
  return finding('proxy-zip-storage-blocked', {
    scope,
    title: `${scope} gives no zips from here: status 403`,
    explanation:
      'Zips often come from another host than the small files, after a redirect, and a filter knows only one of both.',
    severity: sample.isRequired ? 'error' : 'info',
    evidence: [
      {
        kind: 'response',
        text: `status 403 of ${new URL(answer.finalUrl).host}: ${excerpt(answer.text)}`,
        source: maskUrl(answer.url),
      },
    ],
    fix: `have ${new URL(answer.finalUrl).host} allowed, or use a proxy that serves zips itself`,
    dependsOn: ['proxy-forbidden', 'redirect-problem'],
  });
}

/** No zip, or only a part of one, came. */
export function failedZip({ scope }: ZipContext, url: string, failure: HttpFailure): ProbeFinding {
  const { code, text, ledTo } = failure;
  const { title, fix } = requestTexts(failure, scope);
  return finding(code, {
    scope,
    title: `a zip of ${scope} cannot be downloaded: ${ledTo === undefined ? code : title}`,
    explanation:
      'Small files come and this one does not: a limit or a filter on the way, or an unfinished file at the proxy.',
    evidence: [{ kind: 'response', text, source: maskUrl(url) }],
    fix,
  });
}

type Sort = readonly [code: string, what: string];

/** By what the judge of zips says; Go has a message of its own for each. */
function sortOf(verdict: Exclude<ZipVerdict, { readonly verdict: 'good' }>): Sort {
  const { problem } = verdict;
  if (/path does not have prefix/.test(problem)) {
    return ['zip-unexpected-file', 'has files of another module or version'];
  }
  if (verdict.verdict === 'entry-names') {
    return ['module-zip-rejected', 'has names that no module may have'];
  }
  return /CRC-32/.test(problem)
    ? ['zip-checksum-error', 'has bytes that were changed']
    : ['zip-not-valid', 'is no sound zip'];
}

export function judgeZip(
  { scope, sample }: ZipContext,
  url: string,
  verdict: ZipVerdict,
): ProbeFinding | undefined {
  if (verdict.verdict === 'good') return undefined;
  const [code, what] = sortOf(verdict);
  const isAuthors = code === 'module-zip-rejected';
  return finding(code, {
    scope,
    title: `the zip of ${sample.path}@${sample.version} from ${scope} ${what}`,
    explanation: isAuthors
      ? 'The module itself breaks the rules for module zips, wherever it comes from.'
      : 'go refuses it, and asks again each time.',
    severity: sample.isRequired ? 'error' : 'warning',
    evidence: [{ kind: 'response', text: verdict.problem, source: maskUrl(url) }],
    fix: isAuthors
      ? 'use another version, and tell the author'
      : 'have the proxy drop its copy; check that nothing on the way rewrites answers',
    dependsOn: ['proxy-bad-gomod', 'redirect-problem'],
  });
}
