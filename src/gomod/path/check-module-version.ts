import { isValidVersion } from '../version/index.ts';
import { checkModulePath } from './check-path.ts';
import { pathMajorMismatch, splitPathMajor } from './path-major.ts';

/** Says why this module path cannot have this version: either is malformed, or their major versions differ. */
export function checkModuleVersion(path: string, version: string): string | undefined {
  const pathProblem = checkModulePath(path);
  if (pathProblem !== undefined) return pathProblem;
  const reason = isValidVersion(version)
    ? pathMajorMismatch(version, splitPathMajor(path)?.pathMajor ?? '')
    : 'not a semantic version';
  return reason === undefined ? undefined : `${path}@${version}: invalid version: ${reason}`;
}
