import { isAbsolute, join } from 'node:path';

/** The variables and the home that say where a user's files are. */
export interface Person {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string | undefined;
  readonly platform: string;
}

/** As Go's os.UserCacheDir; undefined without a home. */
export function cacheDirectory({ environment, home, platform }: Person): string | undefined {
  const chosen = environment['XDG_CACHE_HOME'];
  // The XDG specification tells programs to ignore relative paths.
  if (chosen !== undefined && isAbsolute(chosen)) return chosen;
  if (home === undefined || home === '') return undefined;
  return platform === 'darwin' ? join(home, 'Library', 'Caches') : join(home, '.cache');
}

/** The user's own configuration file; undefined without a home. */
export function userFile({ environment, home }: Person): string | undefined {
  const chosen = environment['XDG_CONFIG_HOME'];
  const base = chosen !== undefined && isAbsolute(chosen) ? chosen : undefined;
  if (base !== undefined) return join(base, 'cofferdam', FILE_NAME);
  if (home === undefined || home === '') return undefined;
  return join(home, '.config', 'cofferdam', FILE_NAME);
}

export const FILE_NAME = 'cofferdam.yaml';
export const SYSTEM_FILE = '/etc/cofferdam/cofferdam.yaml';
