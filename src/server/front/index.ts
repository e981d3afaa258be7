// A worker process as clients see it, and the private socket between it and the engine.
export { createFrontDispatcher } from './front-dispatcher.ts';
export { CLIENT_HEADER } from './forwarded-headers.ts';
export { behindFront } from './behind-front.ts';
export { serveConnections } from '../server.ts';
