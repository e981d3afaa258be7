import { maskUrl } from '../platform/http/index.ts';

/** A list of URLs as it may be shown: user info and queries are replaced by [hidden]. */
export function hideSecrets(text: string): string {
  return text
    .split(/(?<=[,|\s])(?=[a-z][a-z0-9+.-]{0,15}:\/\/)/i)
    .map(hideOne)
    .join('');
}

function hideOne(url: string): string {
  const masked = maskUrl(url);
  if (masked === url) return url;
  const separator = /[,|\s]*$/.exec(url)?.[0] ?? '';
  const bare = masked.endsWith(separator) ? masked : masked + separator;
  const hidden = url.includes('@') && !bare.includes('://[hidden]');
  return hidden ? bare.replace('://', '://[hidden]@') : bare;
}
