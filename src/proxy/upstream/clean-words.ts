import { dropSplitSecret, hideInWords } from './hide-words.ts';

/** What `go` prints of such a text (reference P-04). */
const MAXIMUM_LINES = 8;
const MAXIMUM_BYTES = 648;

/** A text as it came. */
export interface RawWords {
  readonly kind: 'text' | 'page';
  readonly text: string;
  /** False when it was cut, by us or on the way. */
  readonly isWhole: boolean;
}

const KINDS: ReadonlyMap<string, RawWords['kind']> = new Map([
  ['text/plain', 'text'],
  ['text/html', 'page'],
]);

/** How the text of an answer can be shown; undefined for what is not made for people. */
export function kindOfWords(contentType: string | undefined): RawWords['kind'] | undefined {
  const [type = '', ...parameters] = (contentType ?? '').toLowerCase().split(';');
  const charset = parameters
    .map((parameter) => /^\s*charset\s*=\s*"?([^"\s]*)"?\s*$/u.exec(parameter)?.[1])
    .find((value) => value !== undefined);
  if (!['utf-8', 'utf8', 'us-ascii'].includes(charset ?? 'utf-8')) {
    return undefined;
  }
  return KINDS.get(type.trim());
}

/** Printable lines without secrets, no more than `go` would print. Of a web page, its title. */
export function cleanWords(raw: RawWords, secrets: readonly string[]): readonly string[] {
  const shown = raw.kind === 'text' ? raw.text : titleOf(raw.text);
  const plain = withoutEscapes(shown).replaceAll(/[\r\v\f\u0085\u2028\u2029]/gu, '\n');
  const safe = hideInWords(raw.isWhole ? plain : dropSplitSecret(plain, secrets), secrets);
  const lines: string[] = [];
  let left = MAXIMUM_BYTES;
  for (const raggedLine of safe.split('\n')) {
    const line = printable(raggedLine);
    if (line === '') continue;
    if (lines.length === MAXIMUM_LINES || left < 8) break;
    const cut = cutToBytes(line, left - 1);
    lines.push(cut);
    left -= Buffer.byteLength(cut) + 1;
  }
  return lines;
}

function cutToBytes(line: string, maximum: number): string {
  const bytes = Buffer.from(line);
  return bytes.length <= maximum
    ? line
    : `${bytes.toString('utf8', 0, maximum - 3).replace(/\uFFFD+$/u, '')}…`;
}

/** Terminal sequences whole, or their letters would stay: CSI, then OSC and its like, then the short ones. */
function withoutEscapes(text: string): string {
  return text
    .replaceAll(/(?:\u001b\[|\u009b)[\u0020-\u003f]*[\u0040-\u007e]?/gu, '')
    .replaceAll(/(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c\r\n]*/gu, '')
    .replaceAll(/\u001b[\u0020-\u002f]*[\u0030-\u007e]?/gu, '');
}

/** Also without what turns the direction of writing or is not seen. */
function printable(line: string): string {
  return line
    .replaceAll(/[\p{C}\uFFFD]+/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim();
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', ' '],
  ['#39', "'"],
]);

function titleOf(page: string): string {
  const title = /<title(?:\s[^>]{0,200})?>([^<]{0,1000})/iu.exec(page)?.[1] ?? '';
  const text = title.replaceAll(
    /&(#39|[a-z]{2,4});/gu,
    (whole, name: string) => ENTITIES.get(name) ?? whole,
  );
  return text.replaceAll(/\s+/gu, ' ');
}
