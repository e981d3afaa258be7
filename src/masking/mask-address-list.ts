import { HIDDEN } from './known-tokens.ts';
import { maskSecrets } from './mask-secrets.ts';
import { maskUrl } from './mask-url.ts';

/** A setting that lists URLs, as it may be shown: user info and queries are replaced by [hidden]. */
export function maskAddressList(text: string): string {
  const shown = text
    .split(/(?<=[,|\s])(?=[a-z][a-z0-9+.-]{0,15}:\/\/|(?:direct|off)(?:[,|]|$))/i)
    .map(maskOne)
    .join('');
  return maskSecrets(shown);
}

function maskOne(url: string): string {
  const masked = maskUrl(url);
  if (masked === url) return url;
  const separator = /[,|\s]*$/.exec(url)?.[0] ?? '';
  const bare = masked.endsWith(separator) ? masked : masked + separator;
  const isHidden = url.includes('@') && !bare.includes(`://${HIDDEN}`);
  return isHidden ? bare.replace('://', `://${HIDDEN}@`) : bare;
}

/** The address of a forward proxy, which may stand without a scheme; what is before the `@` is hidden. */
export function maskProxyAddress(text: string): string {
  return maskSecrets(text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/i, `$1${HIDDEN}@`));
}
