import type { Failed } from './answer.ts';
import { mayPass } from './retry-plan.ts';

/** Which of several failures the answer is about, and what helps against it. */
export interface Advice {
  readonly failure: Failed | undefined;
  /** Who can do what, in one sentence. */
  readonly next: string;
}

const USELESS = 'asking again does not help';

/**
 * Where one of several upstreams may do better a moment later, trying again is the advice; else the
 * first refusal is what somebody must mend.
 */
export function adviseOn(failures: readonly Failed[]): Advice {
  const passing = failures.findLast((failure) => mayPass(failure, 'answer'));
  const lasting = failures.find(({ status }) => status !== undefined);
  const failure = passing ?? lasting ?? failures.at(-1);
  return { failure, next: failure === undefined ? GENERAL : nextStep(failure) };
}

const GENERAL =
  'this is a failure, not an absence: try again, or ask whoever runs this proxy about its upstreams';

function nextStep(failure: Failed): string {
  const { status, speaker, hint, upstream } = failure;
  if (status === undefined || speaker === undefined) {
    return hint === undefined ? GENERAL : `for whoever runs this proxy: ${hint}`;
  }
  const who = speaker.name;
  if (status === 429) {
    return `${who} limits how often it is asked: try again ${when(failure)}; whoever runs this proxy can ask it for a higher limit`;
  }
  if (mayPass(failure, 'answer')) {
    return `this is a failure, not an absence: try again ${when(failure)}; if it stays so, ask whoever runs ${who}`;
  }
  if (status === 401 || status === 403) {
    return speaker.isRedirected
      ? refusedElsewhere(status, who, upstream)
      : refused(status, who, upstream.startsWith('http:'));
  }
  if (status === 407) {
    return `a forward proxy on the way wants credentials: whoever runs this server puts them into HTTP_PROXY or HTTPS_PROXY; ${USELESS}`;
  }
  if (status === 451) {
    return `${who} may not hand this out for legal reasons: use another version or module, or ask whoever runs it; ${USELESS}`;
  }
  if (status === 511) {
    return 'the network wants a login first: whoever runs this server opens a web page from there, or asks for a way without it';
  }
  if (status >= 400 && status < 500) {
    return `${who} refuses this request itself: check the module path, the version and the address of that upstream; ${USELESS}`;
  }
  return `this is a failure, not an absence: whoever runs this proxy must check the address of ${who}; ${USELESS}`;
}

/** 401 asks who we are; 403 is an answer to somebody who is known, or to everybody on this way. */
function refused(status: 401 | 403, who: string, isPlain: boolean): string {
  if (status === 403) {
    return `${who} forbids it: a policy, a missing right or a block of this network; ask whoever runs it, ${USELESS}`;
  }
  return isPlain
    ? `${who} wants credentials, which are sent over https only: whoever runs this proxy must name its https address; ${USELESS}`
    : `${who} wants credentials, or other ones: whoever runs this proxy must set or renew them (netrc or GOAUTH); ${USELESS}`;
}

/** Credentials do not follow a redirect to another host, and an allow-list rarely names both. */
function refusedElsewhere(status: 401 | 403, who: string, upstream: string): string {
  return status === 401
    ? `${who} wants credentials, which do not follow a redirect: ask whoever runs ${upstream}; ${USELESS}`
    : `${who} must be allowed too, as ${upstream} leads there: look for a firewall, an allow-list or a block by country; ${USELESS}`;
}

function when({ retryAfterSeconds: seconds }: Failed): string {
  return seconds === undefined ? 'in a while' : `in ${seconds} s`;
}
