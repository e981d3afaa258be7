import type { Logger } from './logger.ts';

/** Says nothing: for tests, and for commands whose own text is the output. */
export function createQuietLogger(): Logger {
  const logger: Logger = {
    debug: ignore,
    info: ignore,
    warn: ignore,
    error: ignore,
    child: () => logger,
  };
  return logger;
}

function ignore(): void {}
