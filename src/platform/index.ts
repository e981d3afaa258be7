// The outside world as ports, and their real adapters: nothing else touches clock, disk, network or processes.
export { ProgramError, isProgramError } from './errors.ts';
export type { ErrorKind } from './errors.ts';
export type { Clock } from './clock.ts';
export type { Logger } from './logger.ts';
export type { Meter, Counter } from './meter.ts';
export type { Files, GrowingFile, ReadableFile } from './files.ts';
export type { Processes } from './processes.ts';
export type { Database, Migration } from './database.ts';
export type { HttpClient, HttpResponse } from './http-client.ts';
export type { Random } from './random.ts';
export { maskUrl } from './mask-url.ts';
