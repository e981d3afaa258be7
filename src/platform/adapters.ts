// The makers of the real adapters. Only the roots (main, app, config) and tests import this door.
export { createSystemClock } from './system-clock.ts';
export { createSystemRandom } from './system-random.ts';
export { createFileSystems } from './machine/disk-space.ts';
export { createDiskFiles } from './disk-files.ts';
export { createHttpClient } from './http/http-client-undici.ts';
export { createOfflineHttpClient } from './http/http-client-offline.ts';
export { createNetwork } from './network/system-network.ts';
export { createLogger } from './json-logger.ts';
export { createQuietLogger } from './quiet-logger.ts';
export { readEnvironment } from './read-environment.ts';
export { createDiskTree } from './tree/disk-tree.ts';
export { createFlockLocks } from './flock-locks.ts';
export { createFileLocks } from './file-locks.ts';
export { openSqliteDatabase } from './sqlite-database.ts';
export { createProcesses } from './system-processes.ts';
export { createDeadline, sleepUntilTimer } from './waiting.ts';
export { createWorkerProcesses } from './workers/forked-workers.ts';
export { makeSocketFolder } from './workers/socket-folder.ts';
