/** Text that is not a line of a log but carries lines: JSON objects, logfmt, quoted one-liners. */

const ESCAPED = /\\[nt"\\]/;
/** A linter's JSON in a shell's quotes in a CI's JSON: more is an attack or nonsense. */
const DEEPEST_ESCAPE = 3;
/** What loggers, Docker, `go list -json`, `go mod download -json` and Athens call their text. */
const textKeys = new Set(
  'log msg message output error err line text body stderr stdout exception details'.split(' '),
);
const DEEPEST_OBJECT = 4;

/** The lines that a line carries; itself alone when it carries none. */
export function unwrap(line: string): readonly string[] {
  const trimmed = line.trim();
  if (trimmed.startsWith('{') && trimmed.endsWith('}')) {
    const inside = readObject(trimmed);
    if (inside.length > 0) return inside.flatMap(unescape);
  }
  const message = /(?:^| )(?:msg|error|err)="((?:[^"\\]|\\.)*)"/.exec(line)?.[1];
  if (message !== undefined && /(?:^| )(?:level|time|ts)=/.test(line)) return unescape(message);
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
    if (typeof inner === 'string') return textKeys.has(key.toLowerCase()) ? [inner] : [];
    return textsIn(inner, depth + 1);
  });
}

function unescape(text: string): readonly string[] {
  let plain = text;
  for (let round = 0; round < DEEPEST_ESCAPE && isEscaped(plain); round += 1) {
    plain = plain.replaceAll(/\\(?:[nrt"\\]|u001[bB]\[[0-9;]{0,12}m)/g, (found) => {
      if (found === String.raw`\n`) return '\n';
      if (found === String.raw`\t`) return '\t';
      return found.length === 2 && found !== String.raw`\r` ? found.slice(1) : '';
    });
  }
  return plain.includes('\n') ? plain.split('\n') : [plain];
}

/** `C:\new` is a path, not a line break. */
function isEscaped(text: string): boolean {
  return ESCAPED.test(text) && !/(?<![A-Za-z])[A-Za-z]:\\(?!\\)/.test(text);
}
