import { safeText } from '../../finding/index.ts';
import { isSecretName, maskSecrets } from '../../masking/index.ts';

/** Hides secrets in what is written by us: what looks like one, and the values that are known to be some. */
export interface Masker {
  /** The rest stays as it is. */
  mask(text: string): string;
  /** For our own lines: nothing in it is a command for a terminal or a build system either. */
  tell(text: string): string;
}

const HIDDEN = '[hidden]';
/** What such a variable names is a file, not the secret. */
const FILE_NAME = /_(?:file|path|dir|sock|url)$/i;
/** Shorter values stand everywhere in a log by chance. */
const LEAST_LENGTH = 6;
/** No build has more; each is looked for in every line. */
const MOST_VALUES = 200;
const HARMLESS = /^(?:true|false|enabled|disabled|required|optional|default|netrc|\d{1,8})$/i;

/** `known` are secrets whatever their variable is called. */
export function createMasker(
  environment: Readonly<Record<string, string>>,
  known: readonly string[] = [],
): Masker {
  const named = Object.entries(environment)
    .filter(([name]) => isSecretName(name))
    .filter(([name, value]) => !(FILE_NAME.test(name) && /^(?:\/|https?:)/.test(value)))
    .map(([, value]) => value.trim())
    .filter((value) => value.length >= LEAST_LENGTH && !HARMLESS.test(value));
  const values = [...new Set([...known, ...named].filter((value) => value !== ''))]
    .slice(0, MOST_VALUES)
    .flatMap((value) => [value, ...spellings(value)])
    // One may be a part of another: what is left of the longer one would tell it.
    .toSorted((one, other) => other.length - one.length);

  function mask(text: string): string {
    let masked = text;
    for (const value of values) masked = masked.replaceAll(value, HIDDEN);
    return maskSecrets(masked);
  }

  return { mask, tell: (text) => safeText(mask(text)).replaceAll(/##(?=teamcity\[)/g, '# #') };
}

/** As it stands in URLs, in Basic authentication and over several lines. */
function spellings(value: string): readonly string[] {
  const lines = value.split(/\r?\n/).filter((line) => line.trim().length >= 16);
  return [
    encodeURIComponent(value),
    Buffer.from(value).toString('base64'),
    ...(lines.length > 1 ? lines : []),
  ].filter((spelling) => spelling !== value);
}
