// The download phase of a guarded go command: which packages it will load, and what fetches their modules first.
export { directoryOf, downloadsAll, planDownload, readsModules } from './plan-download.ts';
export { runDownload } from './run-download.ts';
export type { DownloadNeeds, DownloadResult } from './run-download.ts';
