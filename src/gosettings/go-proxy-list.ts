/** One entry of a GOPROXY list: the URL as `go` would use it, or where the list ends. */
export interface ProxyEntry {
  readonly url: string;
  /** What follows it: a comma moves on after 404 and 410 only, a pipe after any failure. */
  readonly separator: ',' | '|';
}

/** GOPROXY as `go` reads it: the proxies in order, and the word that ends the list, if any. */
export interface GoProxyList {
  readonly proxies: readonly ProxyEntry[];
  readonly end: 'direct' | 'off' | undefined;
}

export type GoProxyListResult =
  | { readonly kind: 'list'; readonly list: GoProxyList }
  | { readonly kind: 'invalid'; readonly reason: string };

/**
 * Reads a GOPROXY value by the rules of the module reference ("GOPROXY protocol"): a comma or a
 * pipe after each entry, empty entries skipped, nothing read after `direct` or `off`, `https://`
 * where no scheme is given. Reasons name the position, never the text, which may hold a password.
 */
export function parseGoProxyList(text: string): GoProxyListResult {
  const proxies: ProxyEntry[] = [];
  let rest = text;
  for (let position = 1; rest !== ''; position += 1) {
    const at = rest.search(/[,|]/);
    const word = trimSpace(at === -1 ? rest : rest.slice(0, at));
    const separator = at !== -1 && rest[at] === '|' ? '|' : ',';
    rest = at === -1 ? '' : rest.slice(at + 1);
    if (word === '') continue;
    if (word === 'off' || word === 'direct') return { kind: 'list', list: { proxies, end: word } };
    const url = withScheme(word);
    const reason = refusal(url);
    if (reason !== undefined) {
      return { kind: 'invalid', reason: `entry ${position} of GOPROXY ${reason}` };
    }
    proxies.push({ url, separator });
  }
  if (proxies.length === 0) return { kind: 'invalid', reason: 'GOPROXY has no entries' };
  return { kind: 'list', list: { proxies, end: undefined } };
}

/** The proxies alone, in the syntax that they came in. */
export function formatProxies(list: GoProxyList): string {
  return list.proxies
    .map((entry, index) =>
      index === list.proxies.length - 1 ? entry.url : entry.url + entry.separator,
    )
    .join('');
}

/** Go trims what Unicode calls white space, which is not quite what `trim()` does. */
function trimSpace(text: string): string {
  return text.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, '');
}

/** A single word is reserved and gets no scheme; anything else without one means https. */
function withScheme(word: string): string {
  const needsScheme = /[.:/]/.test(word) && !word.includes(':/') && !word.startsWith('/');
  return needsScheme ? `https://${word}` : word;
}

/** Why `go` would refuse the URL, or undefined when it takes it. */
function refusal(url: string): string | undefined {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined) return 'has no scheme';
  if (hasControlCharacter(url)) return 'holds a control character';
  if (/%(?![0-9a-f]{2})/i.test(url)) return 'holds a broken percent escape';
  if (scheme === 'file') {
    return /^file:\/\/\/[^?#]*$/i.test(url)
      ? undefined
      : 'is a file:// URL with something other than an absolute path';
  }
  if (scheme !== 'http' && scheme !== 'https')
    return 'has a scheme other than https, http and file';
  return URL.canParse(url) ? undefined : 'is not a valid URL';
}

function hasControlCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}
