// Ports of places on this machine: what is left on its file systems, and private folders. Adapters: ../adapters.ts.
export type { FileSystems } from './file-systems.ts';
export type { PrivateFolder } from './private-folders.ts';
