import { safeText } from '../../finding/index.ts';
import { maskUrl } from '../../masking/index.ts';

/** Shorter ones would hide letters of ordinary words, and protect nothing. */
const SHORTEST_SECRET = 3;
/** Parts of a header other than Authorization: shorter ones are words such as `Path`. */
const SHORTEST_PART = 8;
const HIDDEN = '[hidden]';

/** What our own request carried that nobody may read again in what the other side wrote. */
export function secretsSent(
  url: string,
  credentials: Readonly<Record<string, string>>,
): readonly string[] {
  const found: string[] = [];
  const { username = '', password = '' } = URL.parse(url) ?? {};
  if (username !== '' || password !== '') {
    found.push(...ofPair(unescape(username), unescape(password)), ...ofPair(username, password));
  }
  for (const [name, value] of Object.entries(credentials)) {
    found.push(value, ...(name === 'authorization' ? ofAuthorization(value) : partsOf(value)));
  }
  const long = found.filter((secret) => secret.length >= SHORTEST_SECRET);
  // The longest first: one may be a part of another.
  return [...new Set(long)].toSorted((one, other) => other.length - one.length);
}

/** A text without those secrets, nor what looks like one of somebody else or commands a build system. */
export function hideInWords(text: string, secrets: readonly string[]): string {
  let hidden = text;
  for (const secret of secrets) hidden = hidden.replaceAll(secret, HIDDEN);
  return safeText(maskUrl(hidden));
}

/** A text that was cut may end inside a secret: without the end that could be the start of one. */
export function dropSplitSecret(text: string, secrets: readonly string[]): string {
  let end = text.length;
  for (const secret of secrets) {
    for (let length = Math.min(secret.length - 1, text.length); length > 0; length -= 1) {
      if (text.endsWith(secret.slice(0, length))) {
        end = Math.min(end, text.length - length);
        break;
      }
    }
  }
  return text.slice(0, end);
}

/** A user name alone is a token; beside a password it only says who asks. */
function ofPair(user: string, password: string): string[] {
  const isToken = password === '' || password === 'x-oauth-basic';
  const secret = isToken ? user : password;
  const encodings = (['utf8', 'latin1'] as const).map((encoding) =>
    Buffer.from(`${user}:${password}`, encoding).toString('base64'),
  );
  return [secret, encodeURIComponent(secret), `${user}:${password}`, ...encodings];
}

function ofAuthorization(value: string): string[] {
  const [scheme = '', ...rest] = value.trim().split(/\s+/u);
  const token = rest.join(' ');
  if (scheme.toLowerCase() !== 'basic') {
    return [token];
  }
  const bytes = Buffer.from(token, 'base64');
  const pairs = [bytes.toString('utf8'), bytes.toString('latin1')].map((pair) => pair.split(':'));
  return [token, ...pairs.flatMap(([user = '', ...password]) => ofPair(user, password.join(':')))];
}

function partsOf(value: string): string[] {
  return value.split(/[\s;,=]+/u).filter((part) => part.length >= SHORTEST_PART);
}

function unescape(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
