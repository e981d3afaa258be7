import type { Target } from './target.ts';

/** Code hosts whose repositories have two names; what follows in a module path lies inside the repository. */
const TWO_NAMES = /^(?:github\.com|bitbucket\.org|gitee\.com|codeberg\.org|gitea\.com)\//;
const MAJOR = /\/v(?:[2-9]|[1-9]\d+)$/;

/**
 * What git would be asked for: the address that it named itself, else the one that follows from the module path
 * (https://go.dev/ref/mod#vcs-find). A path behind a vanity host gives the host's own address, which go asks first.
 */
export function repositoryOf({ kind, url, module }: Target): string | undefined {
  if (kind === 'git-host' && url !== undefined && /^(?:https|ssh):\/\/[^@/]+\/[^@]+$/.test(url)) {
    return url.replace(/\/$/, '');
  }
  if (module === undefined) return undefined;
  const marked = /^.{1,300}?\.git(?=\/|$)/.exec(module)?.[0];
  if (marked !== undefined) return `https://${marked}`;
  const own = TWO_NAMES.test(module)
    ? module.split('/').slice(0, 3).join('/')
    : module.replace(MAJOR, '');
  return `https://${own}`;
}
