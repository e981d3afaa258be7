/** Headers by lower-case name; a name may come more than once. */
export type CredentialHeaders = ReadonlyMap<string, readonly string[]>;

export interface CredentialBlock {
  /** As the command wrote it, `https://` included. */
  readonly prefix: string;
  readonly headers: CredentialHeaders;
}

/**
 * Reads what a GOAUTH command printed, given as Latin-1: blocks of URL prefixes, an empty line,
 * headers, an empty line. Undefined where `go` refuses it: then the whole output counts for nothing.
 */
export function parseGoauthOutput(text: string): readonly CredentialBlock[] | undefined {
  const blocks: CredentialBlock[] = [];
  const lines = text.split('\n');
  // Every line must end in a newline, so the last piece is empty and is no line.
  if (lines.pop() !== '') return undefined;
  let next = 0;
  while (next < lines.length) {
    const prefixes = takeParagraph(lines, next);
    const headerLines =
      prefixes === undefined ? undefined : takeParagraph(lines, next + prefixes.length + 1);
    if (prefixes === undefined || headerLines === undefined) return undefined;
    const headers = parseHeaders(headerLines);
    if (headers === undefined || !prefixes.every(isRequestUrl)) return undefined;
    for (const prefix of prefixes) blocks.push({ prefix, headers });
    next += prefixes.length + headerLines.length + 2;
  }
  return blocks;
}

/** The lines up to an empty one, or undefined where none follows. */
function takeParagraph(lines: readonly string[], from: number): readonly string[] | undefined {
  const end = lines.indexOf('', from);
  return end === -1 ? undefined : lines.slice(from, end);
}

function parseHeaders(lines: readonly string[]): CredentialHeaders | undefined {
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(': ');
    const name = line.slice(0, Math.max(colon, 0)).toLowerCase();
    const value = line.slice(colon + 2).trim();
    if (!/^[!#$%&'*+\-.^_`|~0-9a-z]+$/.test(name) || hasControl(value, '\t')) return undefined;
    headers.set(name, [...(headers.get(name) ?? []), value]);
  }
  return headers;
}

/** What `go` takes as a request URL: with a scheme or an absolute path, without control characters. */
function isRequestUrl(line: string): boolean {
  if (hasControl(line, '')) return false;
  if (!/^(?:[A-Za-z][A-Za-z0-9+.-]*:|\/|\*$)/.test(line)) return false;
  return !/^https?:\/\//i.test(line) || URL.canParse(line);
}

function hasControl(text: string, allowed: string): boolean {
  for (const character of text) {
    if ((character < ' ' || character === '\x7f') && character !== allowed) return true;
  }
  return false;
}
