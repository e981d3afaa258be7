// Module, import and file paths: what is allowed, how they are escaped for a proxy, and patterns of them.
export { checkFilePath, checkImportPath, checkModulePath } from './check-path.ts';
export { checkModuleVersion } from './check-module-version.ts';
export { escapePath, escapeVersion, unescapePath, unescapeVersion } from './escape.ts';
export { createPatternMatcher, matchesPatterns } from './match-patterns.ts';
export { checkPathMajor, splitPathMajor } from './path-major.ts';
export type { Parsed } from '../text/index.ts';
