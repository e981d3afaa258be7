// The port of what is left on the file systems of this machine. Adapters: ../adapters.ts.
export type { FileSystems } from './file-systems.ts';
