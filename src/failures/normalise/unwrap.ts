/** Text that is not a line of a log but carries lines: JSON objects, logfmt, quoted one-liners. */

const ESCAPED = /\\[nt"'\\]|\\u00/;
/** A linter's JSON in a shell's quotes in a CI's JSON: more is an attack or nonsense. */
const DEEPEST_ESCAPE = 3;
/** What loggers, Docker, `go list -json`, `go mod download -json` and Athens call their text. */
const textKeys = new Set(
  'log msg message output error err line text textpayload body stderr stdout stream exception details data'.split(
    ' ',
  ),
);
const DEEPEST_OBJECT = 4;

/** Pairs from the start: a message further on is one of many lines. */
const LOGFMT = /^[\w.-]{1,40}=(?:.{0,300} )?(?:level|time|ts|msg)=|^(?:level|time|ts)=/;

const MESSAGE = /(?:^| )(?:msg|error|err)="((?:[^"\\]|\\.)*)"/;
/** Fields behind the message. */
const MOST_FIELDS = 400;

/** The lines that a line carries; itself alone when it carries none. */
export function unwrap(line: string): readonly string[] {
  return unwrapAt(line, 0);
}

/** Docker keeps what a logger wrote, and that was an object already. */
function unwrapAt(line: string, depth: number): readonly string[] {
  const trimmed = line.trim();
  if (trimmed.startsWith('{') && trimmed.endsWith('}') && depth < DEEPEST_OBJECT) {
    const inside = readObject(trimmed).flatMap((text) => text.split('\n'));
    if (inside.length > 0) return inside.flatMap((text) => unwrapAt(text, depth + 1));
  }
  const message = LOGFMT.test(line) ? MESSAGE.exec(line) : null;
  // A line that was clipped may have lost what ends the text.
  if (message !== null && line.length - message.index - message[0].length < MOST_FIELDS) {
    return unescape(message[1] ?? '');
  }
  return unescape(line);
}

function readObject(text: string): readonly string[] {
  try {
    return textsIn(JSON.parse(text), 0);
  } catch {
    return [];
  }
}

function textsIn(value: unknown, depth: number): readonly string[] {
  if (typeof value !== 'object' || value === null || depth > DEEPEST_OBJECT) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (typeof inner === 'string') {
      return textKeys.has(key.toLowerCase()) && !/^std(?:out|err)$/.test(inner) ? [inner] : [];
    }
    return textsIn(inner, depth + 1);
  });
}

/** What stands in quotes, apart from what stands around it. */
function unescape(text: string): readonly string[] {
  if (!isEscaped(text)) return [text];
  const lines: string[] = [];
  let until = 0;
  for (let open = text.indexOf('"'); open !== -1; open = text.indexOf('"', open)) {
    const close = endOfQuoted(text, open);
    if (close === -1) break;
    const inside = text.slice(open + 1, close);
    if (isEscaped(inside)) {
      const before = text.slice(until, open);
      if (before.trim() !== '') lines.push(...unescapePlain(before));
      lines.push(...unescapePlain(inside));
      until = close + 1;
    }
    open = close + 1;
  }
  const rest = text.slice(until);
  return until === 0 || /\w/.test(rest) ? [...lines, ...unescapePlain(rest)] : lines;
}

/** Where the quote is that no backslash stands before. */
function endOfQuoted(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return -1;
}

function unescapePlain(text: string): readonly string[] {
  let plain = text;
  for (let round = 0; round < DEEPEST_ESCAPE && isEscaped(plain); round += 1) {
    plain = plain.replaceAll(
      /\\(?:[nrt"'\\]|u001[bB]\[[0-9;]{0,12}m|u00([0-7][0-9a-fA-F]))/g,
      (found, code?: string) => {
        if (found === String.raw`\n`) return '\n';
        if (found === String.raw`\t`) return '\t';
        if (code !== undefined) return readCode(code);
        return found.length === 2 && found !== String.raw`\r` ? found.slice(1) : '';
      },
    );
  }
  return plain.split('\n');
}

/** encoding/json writes `<`, `>` and `&` so. */
function readCode(code: string): string {
  const number = Number.parseInt(code, 16);
  return number >= 0x20 && number < 0x7f ? String.fromCodePoint(number) : ' ';
}

/** `C:\new`, `..\new` and `cmd\new\main.go:3:2` are paths, not line breaks. */
const WINDOWS_PATH =
  /(?<![A-Za-z])[A-Za-z]:\\(?!\\)|(?:^|[\s"'(])\.{1,2}\\(?!\\)|^[\w.-]{1,80}(?:\\[\w.@-]{1,80}){1,20}\.go:\d/;

/** No path has these. */
const SURELY_ESCAPED = /\\n\\t|\\"|\\n(?:go: |# )/;

function isEscaped(text: string): boolean {
  return ESCAPED.test(text) && (!WINDOWS_PATH.test(text) || SURELY_ESCAPED.test(text));
}
