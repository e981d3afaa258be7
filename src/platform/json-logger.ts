import { pino } from 'pino';
import type { DestinationStream, Logger as PinoLogger } from 'pino';
import type { Clock } from './clock.ts';
import { toLogData } from './log-data.ts';
import type { ClosableLogger, Logger, LogLevel } from './logger.ts';
import { hideSecrets } from '../masking/index.ts';
import { formatLogLine } from './text-log.ts';

/** Lines above this wait for nobody: they are dropped and counted, so a stuck reader costs no memory. */
const BUFFER_LIMIT_BYTES = 4 * 1024 * 1024;
/** A stuck reader must not hold up the end of the program; a working one takes the buffer in this time. */
const FLUSH_MILLISECONDS = 1000;

export interface LoggerSettings {
  readonly level: LogLevel;
  /** Where the lines go; standard error unless told. */
  readonly descriptor?: number;
  /** JSON lines unless told: `text` is for people. */
  readonly format?: 'json' | 'text';
  /** Of text. */
  readonly color?: boolean;
}

/** Lines, written behind the caller's back: a slow reader never makes the program wait. */
export function createLogger(
  needs: { readonly clock: Clock },
  settings: LoggerSettings,
): ClosableLogger {
  const { clock } = needs;
  const destination = pino.destination({
    dest: settings.descriptor ?? 2,
    sync: false,
    // Lines still go out at once; with 0 the destination's flush() would not wait for them.
    minLength: 1,
    maxLength: BUFFER_LIMIT_BYTES,
  });
  const root = createPino(clock, settings.level, formatting(destination, settings));
  let dropped = 0;
  destination.on('drop', () => (dropped += 1));
  destination.on('drain', () => {
    if (dropped === 0) return;
    const lines = dropped;
    dropped = 0;
    root.warn({ lines }, 'log lines were dropped because nobody read them in time');
  });
  // Standard error may be closed by whoever started us; that is no reason to fail.
  destination.on('error', () => undefined);

  async function flush(): Promise<void> {
    const flushed = new Promise<void>((resolve) => destination.flush(() => resolve()));
    const stop = new AbortController();
    const late = clock.sleep(FLUSH_MILLISECONDS, stop.signal).catch(() => undefined);
    await Promise.race([flushed, late]);
    stop.abort();
  }

  async function close(): Promise<void> {
    root.level = 'silent';
    await flush();
  }

  return { ...wrap(root), flush, close };
}

/** What pino writes into: the destination itself, or a step before it that makes text of each line. */
function formatting(destination: DestinationStream, settings: LoggerSettings): DestinationStream {
  if (settings.format !== 'text') return destination;
  const text = { color: settings.color === true, timeZone: Temporal.Now.timeZoneId() };
  return {
    write(line) {
      destination.write(formatLogLine(line, text));
    },
  };
}

function createPino(clock: Clock, level: LogLevel, destination: DestinationStream): PinoLogger {
  return pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: () => `,"time":"${clock.now().toString({ smallestUnit: 'millisecond' })}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
}

function wrap(target: PinoLogger): Logger {
  function at(level: LogLevel): Logger['info'] {
    return (message, data) => {
      if (!target.isLevelEnabled(level)) return;
      target[level](data === undefined ? {} : toLogData(data), hideSecrets(message));
    };
  }
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => wrap(target.child(toLogData(fields))),
  };
}
