/** One usable entry: all three parts are there. */
export interface NetrcEntry {
  readonly machine: string;
  readonly login: string;
  readonly password: string;
}

/**
 * White space as `go` splits words at it, spelled in the bytes of UTF-8, because the text is read as
 * Latin-1: so a password keeps its bytes whatever its encoding.
 */
const whiteSpace =
  /(?:[\t-\r ]|\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f|\xe3\x80\x80)+/;

/**
 * Reads a .netrc file, given as Latin-1, with the leniency and the oddities of `go`: words are read
 * in pairs line by line, an entry counts once machine, login and password are known (in any order
 * after `machine`), a `macdef` hides everything up to an empty line, a line that ends in the word
 * `default` ends the file, and `account` and unknown words are skipped with their value.
 */
export function parseNetrc(text: string): readonly NetrcEntry[] {
  const entries: NetrcEntry[] = [];
  let machine = '';
  let login = '';
  let password = '';
  let inMacro = false;
  for (const line of text.split('\n')) {
    if (inMacro) {
      inMacro = line !== '';
      continue;
    }
    const words = line.split(whiteSpace).filter((word) => word !== '');
    for (let index = 0; index + 1 < words.length; index += 2) {
      const value = words[index + 1] ?? '';
      switch (words[index]) {
        case 'machine':
          machine = value;
          login = '';
          password = '';
          break;
        case 'login':
          login = value;
          break;
        case 'password':
          password = value;
          break;
        case 'macdef':
          inMacro = true;
          break;
        default:
          break;
      }
      if (machine !== '' && login !== '' && password !== '') {
        entries.push({ machine, login, password });
        machine = '';
        login = '';
        password = '';
      }
    }
    if (words.length % 2 === 1 && words.at(-1) === 'default') break;
  }
  return entries;
}
