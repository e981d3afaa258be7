/** As Go reads a go line: https://go.dev/ref/mod#go-mod-file-go */
const GO_VERSION = /^[1-9]\d*\.(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))?(?:[a-z]+\d+)?$/;

/** The version that was meant by `v1.21`, `"1.21"`, `go1.21`, `= 1.21`, `1.21.x`; undefined where nobody can tell. */
function meantGoVersion(words: readonly string[]): string | undefined {
  const found = words.map(cleanVersion).filter((version) => GO_VERSION.test(version));
  return found.length === 1 ? found[0] : undefined;
}

function cleanVersion(word: string): string {
  return word
    .replaceAll(/["'`,;]/g, '')
    .replace(/^(?:[=:^~<>]+|version)/i, '')
    .replace(/^(?:go|v)/i, '')
    .replace(/\.(?:x|\*)$/i, '')
    .replaceAll(/(^|\.)0+(?=\d)/g, '$1');
}

/** A go or toolchain line as it was meant; undefined where nobody can tell, or where it is right already. */
export function meantLine(line: string): string | undefined {
  const comment = /\s*\/\/.*$/.exec(line)?.[0] ?? '';
  const bare = line.slice(0, line.length - comment.length);
  const words = bare.trim().split(/\s+/);
  const [first = ''] = words;
  const isToolchain = /^tool-?chain[:=]?$/i.test(first);
  const glued = /^go(?=[\d=:v])/i.test(first) ? first : undefined;
  if (!isToolchain && glued === undefined && !/^go(?:lang)?[:=]?$/i.test(first)) return undefined;
  if (isToolchain && words.at(-1) === 'default')
    return unlessSame(line, `toolchain default${comment}`);
  const version = meantGoVersion(glued === undefined ? words.slice(1) : words);
  if (version === undefined) return undefined;
  return unlessSame(line, `${isToolchain ? `toolchain go${version}` : `go ${version}`}${comment}`);
}

function unlessSame(line: string, meant: string): string | undefined {
  return line.trim() === meant.trim() ? undefined : meant;
}
