/** https://go.dev/ref/mod#build-commands */
const MODES = ['', 'mod', 'readonly', 'vendor'];

/** Why `go` would refuse GOFLAGS before it looks at any flag's meaning (`go help environment`). */
export function flagProblem(value: string): string | undefined {
  const words = splitFlags(value);
  if (words === undefined) return 'a quote has no end';
  for (const word of words) {
    if (!/^--?[^-=]/.test(word) || /^-{1,2}(?:help|h)(?:=|$)/.test(word)) {
      return `"${word.slice(0, 60)}" is not a flag`;
    }
    const [, mode] = /^--?mod=(.*)$/.exec(word) ?? [];
    if (mode !== undefined && !MODES.includes(mode)) {
      return `-mod is mod, readonly or vendor, and not "${mode.slice(0, 60)}"`;
    }
  }
  return undefined;
}

/** Words at white space, as cmd/internal/quoted: quotes only around a whole word. */
function splitFlags(value: string): readonly string[] | undefined {
  const words: string[] = [];
  let rest = value.trimStart();
  while (rest !== '') {
    const [first = ''] = rest;
    if (first === '"' || first === "'") {
      const end = rest.indexOf(first, 1);
      if (end < 0) return undefined;
      words.push(rest.slice(1, end));
      rest = rest.slice(end + 1).trimStart();
    } else {
      const end = rest.search(/\s/);
      words.push(end < 0 ? rest : rest.slice(0, end));
      rest = end < 0 ? '' : rest.slice(end).trimStart();
    }
  }
  return words;
}
