import type { Logger } from '../../platform/index.ts';
import type { TrailScope } from './trail.ts';

/** Puts the trace of the client's request into each line that is logged on its behalf. */
export function createTracedLogger(logger: Logger, scope: TrailScope): Logger {
  function at(level: 'debug' | 'info' | 'warn' | 'error'): Logger['info'] {
    return (message, data) => {
      const trail = scope.current();
      logger[level](message, trail === undefined ? data : { trace: trail.trace, ...data });
    };
  }
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => createTracedLogger(logger.child(fields), scope),
  };
}
