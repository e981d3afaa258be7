// Takes off what build systems, terminals and loggers put around a tool's own line.
export { normaliseLine } from './normalise-line.ts';
