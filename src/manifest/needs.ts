import type { Files } from '../platform/index.ts';

/** The files of the repository. */
export interface ManifestNeeds {
  readonly files: Pick<Files, 'readWhole' | 'status'>;
}
