// Puts the parts together: what `serve` and `run` do once their configuration is known.
export { run } from './app/run.ts';
export { serve } from './app/serve.ts';
