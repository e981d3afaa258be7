import { safeText } from '../finding/index.ts';
import { parseGoProxyList } from '../gosettings/index.ts';

/** The GOPROXY list in plain words: https://go.dev/ref/mod#environment-variables */
export function explainList(value: string): readonly string[] {
  const parsed = parseGoProxyList(value);
  if (parsed.kind === 'invalid') return [`go refuses this value: ${parsed.reason}.`];
  const { proxies, end } = parsed.list;
  const lines = proxies.map(({ url, separator }, index) => {
    const isLast = index === proxies.length - 1 && end === undefined;
    return `${index + 1}. ${safeText(url)}${isLast ? lastOne : movesOn[separator]}`;
  });
  const number = proxies.length + 1;
  if (end === 'direct') {
    lines.push(
      `${number}. direct: from where the module lives, with git or another version control.`,
    );
  }
  if (end === 'off') lines.push(`${number}. off: go stops here and downloads nothing.`);
  return lines;
}

/** What makes go ask the next entry. */
export const movesOn: Readonly<Record<',' | '|', string>> = {
  ',': ': the next is asked only when this one says 404 or 410; any other failure ends the command.',
  '|': ': the next is asked after any failure.',
};

const lastOne = ': nobody is asked after this one.';
