/** Four levels; the message is a constant sentence, data goes beside it. Never log a secret. */
export interface Logger {
  debug(message: string, data?: Readonly<Record<string, unknown>>): void;
  info(message: string, data?: Readonly<Record<string, unknown>>): void;
  warn(message: string, data?: Readonly<Record<string, unknown>>): void;
  error(message: string, data?: Readonly<Record<string, unknown>>): void;
  child(fields: Readonly<Record<string, unknown>>): Logger;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Lines wait in memory until the reader of the log takes them. */
export interface ClosableLogger extends Logger {
  /** Resolves when all lines so far are out, or after a short wait when nobody reads them. */
  flush(): Promise<void>;
  /** Flushes, and drops what is logged from then on. */
  close(): Promise<void>;
}
