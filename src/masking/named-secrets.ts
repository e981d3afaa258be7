import { HIDDEN } from './known-tokens.ts';
import { isOrdinary } from './ordinary-words.ts';

const NAMES =
  'passw(?:or)?d|passwd|passphrase|secret|token|api[_-]?key|art-api|private[_-]?key|access[_-]?key|account[_-]?key|subscription-key|credentials?|signature';
/** Too short or too common to look for in a text, but plain as the name of a field or variable. */
const ALSO_SECRET =
  'authori[sz]ation|cookie|netrc|signing[_-]?key|webhook|connection[_-]?string|dsn$|[_-](?:auth|pat|pass|pw|pwd|creds?)$';
const SECRET_NAME = new RegExp(`${NAMES.replace('|signature', '')}|${ALSO_SECRET}`, 'i');

/** Whether a field or variable of this name holds a secret, whatever it looks like. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** In quotes, which a string inside another one has with a backslash; or up to where a value ends. */
const VALUE = String.raw`\\?"[^"\\]{1,2000}\\?"|'[^']{1,2000}'|[^\s"',;&]{1,2000}`;
/** Behind `=`, and behind `:` as JSON, YAML and headers have it. */
const NAMED = new RegExp(
  String.raw`(\b[\w-]{0,40}(?:${NAMES})[\w-]{0,20}\\?["']?)(\s?[=:]\s?)(${VALUE})`,
  'gi',
);
/** Variables that are secret by the last part of their names. */
const VARIABLE = new RegExp(
  String.raw`(\b(?!CACHE_|PUBLIC_|SORT_)[A-Z][A-Z0-9_]{0,40}_(?:PAT|KEY|PASS|PW|PWD|CREDS?|AUTH|DSN))(=)(${VALUE})`,
  'g',
);
const SHORT_NAMED = new RegExp(
  String.raw`(\b_?auth\\?["']|(?<=[;,\s])pwd|\b_auth)(\s?[=:]\s?)(?!/)(${VALUE})`,
  'gi',
);
const SCHEME = '(?:(?:basic|bearer|token|negotiate|ntlm|digest)\\s)?';
const HEADER = new RegExp(
  String.raw`(\b(?:proxy-)?authorization\\?["']?)(\s?[=:]\s?\\?["']?${SCHEME})([^\s"',\\]{3,4000})`,
  'gi',
);
const BEARER = /(\bbearer)( )([^\s"',\\]{6,4000})/gi;
const COOKIE = /(\b(?:set-)?cookie\\?["']?)(:\s?)([^\r\n"]{1,2000})/gi;
const FLAG = new RegExp(
  String.raw`((?:^|\s)--?[\w-]{0,30}(?:password|passphrase|token|secret|api-?key))([ =])(${VALUE})`,
  'gi',
);
const CURL_USER =
  /((?:^|\s)(?:-u|--user|--proxy-user))([ =]["']?)([^\s"':]{1,100}:[^\s"']{1,300})/g;
const NETRC =
  /(\b(?:machine\s+\S{1,300}|default)\s+)((?:(?:login|account|password)\s+\S{1,300}\s*){1,3})/g;
/** A netrc that has one word and value on each line. */
const NETRC_LINE = /^([ \t]*(?:login|password|account)[ \t]+)(\S{1,300})([ \t]*)$/gm;
/** What no word of a sentence looks like. */
const SPOKEN =
  /(\b(?:password|passwd|passphrase|token|secret) )(?=[^\s"',]{0,60}\d)(?=[^\s"',]{0,60}[A-Za-z])([^\s"',./:@=()[\]-]{8,300})(?![\w./:@=-])/gi;

const FORMS = [NAMED, VARIABLE, SHORT_NAMED, HEADER, BEARER, FLAG, CURL_USER] as const;

/** Hides what is secret because of the word before it, and leaves sentences that go on behind such a word. */
export function hideNamed(text: string): string {
  let hidden = text.replaceAll(COOKIE, (whole, name: string, sign: string, value: string) =>
    value.includes('=') ? `${name}${sign}${HIDDEN}` : whole,
  );
  for (const form of FORMS) hidden = hideForm(hidden, form);
  return hidden
    .replaceAll(NETRC, (_, machine: string, pairs: string) => machine + hidePairs(pairs))
    .replaceAll(NETRC_LINE, (whole, name: string, value: string, end: string) =>
      isOrdinary(value, '') ? whole : `${name}${HIDDEN}${end}`,
    )
    .replaceAll(SPOKEN, `$1${HIDDEN}`);
}

/** How far a sentence is looked ahead. */
const AHEAD = 40;

function hideForm(text: string, form: RegExp): string {
  return text.replaceAll(form, (whole, name: string, sign: string, value: string, at: number) => {
    const end = at + whole.length;
    // `NAME=value` is no sentence; `NAME: value` may be one.
    const isSentence = sign.includes('=')
      ? /^(?:\$|\*{3}|\[hidden\])/.test(value)
      : isOrdinary(value, text.slice(end, end + AHEAD));
    return isSentence ? whole : `${name}${sign}${HIDDEN}`;
  });
}

function hidePairs(pairs: string): string {
  return pairs.replaceAll(/((?:login|account|password)\s+)\S+/g, `$1${HIDDEN}`);
}
