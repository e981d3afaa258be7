// The adapters that a worker process needs, without the weight of all others: each process has its own copy.
export { createSystemClock } from './system-clock.ts';
export { createSystemRandom } from './system-random.ts';
export { createLogger } from './json-logger.ts';
export { connectToPrimary } from './workers/primary-channel.ts';
export { createSocketClient } from './workers/socket-client-http.ts';
export { createGatheredMeter } from './workers/gathered-meter.ts';
