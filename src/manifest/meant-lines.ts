import { isValidVersion } from '../gomod/version/index.ts';
import { meantLine } from './go-line.ts';

/** Directives that go.mod and go.work have. */
const DIRECTIVES = [
  'module',
  'require',
  'replace',
  'exclude',
  'retract',
  'tool',
  'ignore',
  'godebug',
  'use',
  'toolchain',
] as const;

/** What a line that `go` cannot read was meant to be; the first guess that it can read is taken. */
export function guessLine(line: string): readonly string[] {
  const guesses = [
    meantLine(line),
    line.replace(/^\uFEFF/, ''),
    line.replace(/^(\s*)\/\*\s?(.*?)\s?\*\/\s*$/, '$1// $2'),
    withArrow(line),
    withDirective(line),
    withVersions(line),
    withDirective(withVersions(line)),
    withoutNoise(line),
    withVersions(withoutNoise(line)),
    withSlashes(line),
    withoutScheme(line),
  ];
  return [...new Set(guesses)].filter(
    (guess): guess is string => guess !== undefined && guess !== line,
  );
}

/** `replace a -> b`, and `replace a = b`. */
function withArrow(line: string): string {
  return line.replace(/\s(?:->|=|=>>|→|:)\s/, ' => ');
}

/** `requires`, `replaces`, `modul`: a directive that is one or two letters away. */
function withDirective(line: string): string {
  const [whole, indent = '', word = ''] = /^(\s*)([A-Za-z]+)/.exec(line) ?? [];
  if (whole === undefined || word.length < 3) return line;
  const meant = DIRECTIVES.find(
    (name) => word.toLowerCase() !== name && isNear(word.toLowerCase(), name),
  );
  if (meant !== undefined) return indent + meant + line.slice(whole.length);
  const lower = DIRECTIVES.find((name) => word.toLowerCase() === name);
  return lower === undefined ? line : indent + lower + line.slice(whole.length);
}

/** `1.2.3` for `v1.2.3`, and `path@v1.2.3` for `path v1.2.3`. */
function withVersions(line: string): string {
  const apart = line.replaceAll(/(?<=[\w/-])@(?=v?\d)/g, ' ');
  return apart.replaceAll(/(?<=\s)(\d+\.\d+\.\d+\S*)(?=\s|$)/g, (version) =>
    isValidVersion(`v${version}`) ? `v${version}` : version,
  );
}

/** Signs of other languages between path and version, or behind them. */
function withoutNoise(line: string): string {
  return line
    .replace(/[;,]\s*$/, '')
    .replace(/\s(?:==?|:|>=|~>|\^)\s*(?=v?\d)/, ' ')
    .replace(/:\s+(?=v?\d)/, ' ');
}

function withSlashes(line: string): string {
  return /=>\s+["']?\.{1,2}\\/.test(line) ? line.replaceAll('\\', '/') : line;
}

/** The address of a repository where its module path belongs. */
function withoutScheme(line: string): string {
  return line.replaceAll(/\bhttps?:\/\/(\S+?)(?:\.git)?\/?(?=\s|$)/g, '$1');
}

function isNear(word: string, name: string): boolean {
  return Math.abs(word.length - name.length) <= 2 && distance(word, name) <= 2;
}

/** How many letters must be put in, taken out or changed. Both words are short. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const change = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
