// The outside world as ports: nothing else touches clock, disk, network or processes. Their adapters are in adapters.ts.
export { ProgramError, isProgramError } from './errors.ts';
export { withDeadline } from './with-deadline.ts';
export type { ErrorKind } from './errors.ts';
export type { Clock } from './clock.ts';
export type { ClosableLogger, Logger, LogLevel } from './logger.ts';
export type { Counter, Gauge, Histogram, Meter } from './meter.ts';
export type {
  DirectoryEntry,
  FileNote,
  Files,
  FileStatus,
  GrowingFile,
  ReadableFile,
} from './files.ts';
export type { Processes, RunningProcess } from './processes.ts';
export type { Database, Migration, Row, Statement } from './database.ts';
export type { Lock, Locks } from './locks.ts';
export type { Environment } from './environment.ts';
export type { FinishedSpan, SpanSink } from './spans.ts';
export type { Random } from './random.ts';
