// Several processes that serve as one, as ports: workers, the socket between them, their metrics together.
export { createMeterReplay } from './gathered-meter.ts';
export type { GatheredMeter, MeterReport } from './gathered-meter.ts';
export type { PrimaryChannel, WorkerProcess, WorkerProcesses } from './worker-processes.ts';
export type { SocketAnswer, SocketClient } from './socket-client.ts';
