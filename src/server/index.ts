// The HTTP server: listens, limits, drains, and mounts what it is given.
export { startServer } from './server.ts';
export type { RunningServer } from './server.ts';
export { acceptForOthers } from './accept-for-others.ts';
export { createDispatcher } from './dispatch.ts';
export type { Dispatcher, Request, Response } from './dispatch.ts';
export { createOperations } from './operations.ts';
export { mountOperations } from './mount-operations.ts';
export type { Component } from './operations.ts';
export type { ApiRoute } from './api/index.ts';
export { requestRoutes } from './request-routes.ts';
export { storeRoutes } from './store-routes.ts';
export type { StoreTasks } from './store-routes.ts';
export { storeSchemas } from './store-results.ts';
export type { StoreTask } from './store-results.ts';
export { statusRoute } from './status-route.ts';
export { upstreamRoutes } from './upstream-routes.ts';
