import { isAbsolute } from 'node:path';
import { ProgramError } from '../../platform/index.ts';

/** One way to find credentials, out of the list in GOAUTH. */
export type GoauthMethod =
  | { readonly kind: 'netrc' }
  | { readonly kind: 'git'; readonly directory: string }
  | { readonly kind: 'command'; readonly words: readonly string[] };

/**
 * Reads GOAUTH (`go help goauth`): methods separated by semicolons, the earlier ones win; `off`
 * stands alone and gives none. Throws `goauth-invalid` where `go` refuses the value.
 */
export function parseGoauth(text: string): readonly GoauthMethod[] {
  const parts = text === '' ? ['netrc'] : text.split(';');
  const methods: GoauthMethod[] = [];
  for (const [index, part] of parts.entries()) {
    const fields = part.split(/\p{White_Space}+/u).filter((field) => field !== '');
    const [first] = fields;
    if (first === undefined) throw invalid(`entry ${index + 1} of GOAUTH is empty`);
    if (first === 'off') {
      if (parts.length > 1) throw invalid('GOAUTH combines "off" with other methods');
    } else if (first === 'netrc') {
      methods.push({ kind: 'netrc' });
    } else if (first === 'git') {
      methods.push(gitMethod(fields));
    } else {
      methods.push({ kind: 'command', words: splitQuoted(part) });
    }
  }
  return methods;
}

export function invalid(message: string): ProgramError {
  return new ProgramError({
    code: 'goauth-invalid',
    kind: 'bad-input',
    message,
    hint: 'See "go help goauth" for the form of GOAUTH, and "go env GOAUTH" for its value.',
  });
}

/** A method that gives nothing this time; the message must hold no word of a command or its output. */
export function unavailable(message: string): ProgramError {
  return new ProgramError({ code: 'credential-unavailable', kind: 'unavailable', message });
}

function gitMethod(fields: readonly string[]): GoauthMethod {
  const [, directory] = fields;
  if (directory === undefined || fields.length !== 2 || !isAbsolute(directory)) {
    throw invalid('"git" in GOAUTH needs one absolute path to a directory');
  }
  return { kind: 'git', directory };
}

/** Quotes around a whole word only, with nothing escaped inside, as in every list of `go`. */
function splitQuoted(text: string): readonly string[] {
  const words: string[] = [];
  let rest = text.replace(/^[ \t\r\n]+/, '');
  while (rest !== '') {
    const quote = rest[0] === '"' || rest[0] === "'" ? rest[0] : undefined;
    if (quote !== undefined) {
      const end = rest.indexOf(quote, 1);
      if (end === -1) throw invalid(`a command in GOAUTH has a ${quote} that nothing closes`);
      words.push(rest.slice(1, end));
      rest = rest.slice(end + 1);
    } else {
      const end = rest.search(/[ \t\r\n]/);
      words.push(end === -1 ? rest : rest.slice(0, end));
      rest = end === -1 ? '' : rest.slice(end);
    }
    rest = rest.replace(/^[ \t\r\n]+/, '');
  }
  return words;
}
