// Puts the parts together: what `serve`, `run` and `store` do once their configuration is known.
export { diagnose } from './app/diagnose.ts';
export { doctor, readReportFile } from './app/doctor.ts';
export { readGoEnvironment } from './app/go-environment.ts';
export { lint } from './app/lint.ts';
export { withModuleCache } from './app/modcache.ts';
export { run } from './app/run.ts';
export { serve } from './app/serve.ts';
export { withStore } from './app/store.ts';
