import { checkModulePath } from '../gomod/path/index.ts';
import { isValidVersion } from '../gomod/version/index.ts';
import type { ModuleVersion } from './module-version.ts';

/** One module, or one version of it. */
export interface ModuleFilter {
  readonly path: string;
  readonly version: string | undefined;
}

/** `MODULE` or `MODULE@VERSION`; undefined when it is neither. */
export function readModuleFilter(text: string): ModuleFilter | undefined {
  const at = text.indexOf('@');
  const path = at === -1 ? text : text.slice(0, at);
  const version = at === -1 ? undefined : text.slice(at + 1);
  if (checkModulePath(path) !== undefined) return undefined;
  if (version !== undefined && !isValidVersion(version)) return undefined;
  return { path, version };
}

export function isChosen(only: readonly ModuleFilter[], module: ModuleVersion): boolean {
  return (
    only.length === 0 ||
    only.some(
      ({ path, version }) =>
        path === module.path && (version === undefined || version === module.version),
    )
  );
}
