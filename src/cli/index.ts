// The command line: flags and commands in, calls of what main passes in, text and exit codes out.
export { createCommandLine } from './program.ts';
export type { CommandLine } from './program.ts';
export type {
  DiagnoseRequest,
  CommandLineNeeds,
  DoctorRequest,
  LintRequest,
  ModuleCacheTarget,
  RunRequest,
  ServeOptions,
  ServeVoice,
  ServiceSnapshot,
  StartupFact,
  StoreTarget,
} from './needs.ts';
export { useColor } from './terminal.ts';
export type { Output, Terminal } from './terminal.ts';
export { exitCodeFor } from './exit-codes.ts';
export { renderError } from './render-error.ts';
