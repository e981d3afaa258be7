// Judges a module zip in worker threads before it may be stored: structure, sizes, checksums, names, and its h1.
export { createZipChecker } from './zip-checker.ts';
export type { ReaderSource, ZipChecker, ZipCheckRequest, ZipVerdict } from './zip-checker.ts';
