/**
 * Text of logs and servers, as it may stand in our output: nothing in it is a secret, a command for a
 * terminal or a command for a build system.
 */
export function safeText(text: string): string {
  return maskSecrets(text)
    .replaceAll(CONTROLS, ' ')
    .replaceAll(/::(?=[a-z-]{2,20}(?: [^:]{0,200})?::)/gi, ': :')
    .replaceAll(/##(?=(?:vso)?\[)/gi, '# #')
    .replaceAll(/\b(section_(?:start|end)):(?=\d)/g, '$1 :');
}

/** Terminals obey escapes and readers are fooled by text that runs backwards. */
const CONTROLS =
  /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/g;

const HIDDEN = '[hidden]';

/** What is secret as a whole, by how its maker writes it. */
const tokens: readonly RegExp[] = [
  /\bgh[pousr]_\w{16,255}/g,
  /\bgithub_pat_\w{20,255}/g,
  /\bgl(?:pat|ptt|dt|rt|cbt|ft|imt|agent|soat|ffct|oas)-[\w.-]{10,255}/g,
  /\b(?:AKIA|ASIA|AGPA|AROA)[A-Z0-9]{12,20}\b/g,
  /\bAIza[\w-]{30,60}/g,
  /\bya29\.[\w.-]{10,1000}/g,
  /\bxox[abeoprs]-[\w-]{8,255}/g,
  /\bxapp-[\w-]{8,255}/g,
  /\bhooks\.slack\.com\/services\/[\w/]{8,255}/g,
  /\bsk-[\w-]{16,255}/g,
  /\b(?:sk|rk|pk)_(?:live|test)_\w{8,255}/g,
  /\bnpm_\w{20,255}/g,
  /\bpypi-[\w-]{16,255}/g,
  /\bdckr_(?:pat|oat)_[\w-]{10,255}/g,
  /\bhv[sbr]\.[\w-]{16,255}/g,
  /\bs\.[A-Za-z0-9]{24}\b/g,
  /\bATATT[\w=-]{20,400}/g,
  /\bATBB\w{20,100}/g,
  /\bSG\.[\w-]{10,100}\.[\w-]{10,100}/g,
  /\bdop_v1_[a-f0-9]{20,100}/g,
  /\bAKCp[A-Za-z0-9]{20,100}/g,
  /\bcmVmd[A-Za-z0-9+/=]{20,100}/g,
  /\b(?:bkua|bkpt|bkct)_\w{16,100}/g,
  /\beyJ[\w-]{8,4000}\.[\w-]{4,4000}(?:\.[\w-]{0,4000})?/g,
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----.{0,8000}/gs,
];

/** What is secret because of the word before it. */
const NAMED =
  /(\b[\w-]{0,40}(?:passw(?:or)?d|passwd|secret|token|api[_-]?key|apikey|private[_-]?key|access[_-]?key|credentials?|signature)[\w-]{0,20}["']?\s?[=:]\s?)(?:"[^"]{1,2000}"|'[^']{1,2000}'|[^\s"',;&]{1,2000})/gi;
const HEADER =
  /(\b(?:proxy-)?authorization["']?\s?[=:]\s?["']?(?:(?:basic|bearer|token|negotiate|ntlm)\s)?|\bbearer )[^\s"',]{6,4000}/gi;
const NETRC =
  /(\b(?:password|login)\s)(?!(?:for|is|was|and|to|or|auth|authentication|prompts?)\b)[^\s"']{3,300}/g;
const CURL_USER = /((?:^|\s)(?:-u|--user|--proxy-user)[ =]["']?)[^\s"']{3,300}/g;
const SET_COOKIE = /(\b(?:set-)?cookie:\s?)[^\r\n]{1,2000}/gi;
/** User info ends at the last `@` before the path; `/@v/` belongs to module paths. */
const USER_INFO = /(\b[a-z][a-z0-9+.-]{1,15}:\/\/)[^\s/"'<>]{1,500}@/gi;
/** A password with a raw slash in it: `user:` and no port, up to the last `@` that no version follows. */
const RAW_PASSWORD =
  /(\b[a-z][a-z0-9+.-]{1,15}:\/\/)[^\s/:@"'<>]{1,100}:(?!\d{1,5}(?:[/?#]|$))[^\s"'<>]{1,500}@(?!v\d|\/)/gi;
const QUERY = /([?&][\w.-]{1,60}=)([^\s&"'<>]{1,2000})/g;
/** The one query that the go command itself sends. */
const GO_GET = /^\?go-get=$/;

/** Hides what looks like a secret. Text that is none may be hidden with it. */
function maskSecrets(text: string): string {
  let masked = text
    .replaceAll(USER_INFO, `$1${HIDDEN}@`)
    .replaceAll(RAW_PASSWORD, `$1${HIDDEN}@`)
    .replaceAll(QUERY, (whole, name: string) => (GO_GET.test(name) ? whole : `${name}${HIDDEN}`))
    .replaceAll(HEADER, `$1${HIDDEN}`)
    .replaceAll(SET_COOKIE, `$1${HIDDEN}`)
    .replaceAll(CURL_USER, `$1${HIDDEN}`)
    .replaceAll(NAMED, `$1${HIDDEN}`)
    .replaceAll(NETRC, `$1${HIDDEN}`);
  for (const token of tokens) masked = masked.replaceAll(token, HIDDEN);
  return masked;
}
