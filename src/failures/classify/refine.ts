import type { Failure } from '../catalogue/index.ts';
import { isInstallationBroken } from './standard-library.ts';
import type { Statement } from '../statements/index.ts';
import { isPrivateHost, type Target } from './target.ts';

/** The id, once it is known who was being asked: every cause on the network is a pair of both. */
export function refine(failure: Failure, target: Target, statement: Statement): string {
  const id = failure.elsewhere?.[target.kind] ?? failure.id;
  return special[id]?.(target, statement) ?? id;
}

type Special = (target: Target, statement: Statement) => string | undefined;

/** What a table of pairs cannot say. */
const special: Readonly<Record<string, Special>> = {
  'http-proxy-denied': behindProxy,
  'http-proxy-bad-gateway': behindProxy,
  'git-repo-not-found': shortenedRoot,
  'import-std-missing': brokenInstallation,
  'malformed-import-path': brokenInstallation,
  'tls-cert-expired': clockAhead,
};

/** An internal host that a forward proxy refuses is one that never had to pass it. */
function behindProxy({ host }: Target): string | undefined {
  return host !== undefined && isPrivateHost(host) ? 'no-proxy-missing' : undefined;
}

/** GitLab gives group/subgroup as the repository of a module deeper than that (reference A13). */
function shortenedRoot({ module }: Target, { text }: Statement): string | undefined {
  const [, host = '', path = ''] = /'https?:\/\/([^/'@]{1,253})\/([^']{1,500})'/.exec(text) ?? [];
  if (module === undefined || /^(?:github\.com|bitbucket\.org|gopkg\.in)$/.test(host))
    return undefined;
  const root = `${host}/${path.replace(/\/$/, '').replace(/\.git$/, '')}`;
  const rest = module.startsWith(`${root}/`) ? module.slice(root.length + 1) : '';
  return rest === '' || /^v\d+$/.test(rest) ? undefined : 'gitlab-subgroup-root';
}

function brokenInstallation(_: Target, { text }: Statement): string | undefined {
  return isInstallationBroken(text) ? 'goroot-broken' : undefined;
}

/** Roots that ended are years old in old images; no certificate in use ended so long ago. */
const YEARS_OF_A_CLOCK = 15;

function clockAhead(_: Target, { text }: Statement): string | undefined {
  const years = /current time (\d{4})-\S{1,40} is after (\d{4})-/.exec(text);
  if (years === null) return undefined;
  return Number(years[1]) - Number(years[2]) >= YEARS_OF_A_CLOCK ? 'tls-clock-skew' : undefined;
}
