// Plain GET and HEAD requests answered on the socket itself; everything else is left to node:http.
export { createFastPath } from './fast-path.ts';
export type { FastPath } from './fast-path.ts';
export type { FastPathAnswer } from './fast-path-settings.ts';
