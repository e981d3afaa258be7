// The JSON API under /-/api/v1: one way to register an operation, its guard and its description.
export { mountApi } from './mount.ts';
export { apiProblem, apiRoute } from './route.ts';
export type { ApiProblem, ApiRoute } from './route.ts';
