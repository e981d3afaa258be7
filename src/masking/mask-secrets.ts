import { HIDDEN, hideTokens } from './known-tokens.ts';
import { hideNamed } from './named-secrets.ts';

/** User info ends at the last `@` before the path; `/@v/` belongs to module paths. */
const USER_INFO = /(\b[a-z][a-z0-9+.-]{1,15}:\/\/)([^\s/"'<>]{1,500})@/gi;
/** Who asks, and no secret: what everybody writes in an address over ssh. */
const COMMON_USER = /^(?:git|hg|svn|anonymous)$/;
/** A password with a raw slash in it: `user:` and no port, up to the last `@` that no version follows. */
const RAW_PASSWORD =
  /(\b[a-z][a-z0-9+.-]{1,15}:\/\/)[^\s/:@"'<>[\]]{1,100}:(?!\d{1,5}(?:[^\w%.~+-]|$))(?:(?![,|][a-z][a-z0-9+.-]{0,15}:\/\/)[^\s"'<>]){1,500}@(?!v\d|\/)/gi;
const QUERY = /([?&;]([\w.-]{1,60})=)([^\s&"'<>;]{1,2000})/g;
const SECRET_PARAMETER =
  /tok|key|sig|sec|pass|pw|auth|code|sess|sas|cred|jwt|access|ticket|assert|nonce|state/i;
/** A word or a small number, as `?next=go`, `?go-get=1` and `?page=2` have it. */
const ORDINARY_PARAMETER = /^(?:[a-z]{1,12}|\d{1,4})[.,:;!?)\]]{0,2}$/;

/** Nothing that is hidden below can be without one of these. */
const SIGNS =
  /[=@]|:\/\/|PRIVATE KEY|passw|passphrase|secret|token|key|credential|signature|authori|bearer|cookie|auth|pwd|login|machine|default|eyJ|xox|xapp|[sr]k_|sk-|[A-Za-z0-9+/_.-]{14}|-u /i;

/** Hides what looks like a secret by its form, its name or its place, in time that grows with the length. */
export function maskSecrets(text: string): string {
  if (!SIGNS.test(text)) return text;
  const addresses = text.includes('://') ? hideUserInfo(text) : text;
  const queries = addresses.replaceAll(QUERY, (whole, start: string, name: string, value: string) =>
    ORDINARY_PARAMETER.test(value) && !SECRET_PARAMETER.test(name) ? whole : start + HIDDEN,
  );
  return hideTokens(hideNamed(queries));
}

function hideUserInfo(text: string): string {
  return text
    .replaceAll(USER_INFO, (whole, scheme: string, user: string) =>
      COMMON_USER.test(user) ? whole : `${scheme}${HIDDEN}@`,
    )
    .replaceAll(RAW_PASSWORD, `$1${HIDDEN}@`);
}
