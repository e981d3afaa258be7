import { MAX_ZIP_SIZE } from '../gomod/zipfile/index.ts';

/** Go reads no larger one (P-50). */
export const MAXIMUM_ZIP_BYTES: number = MAX_ZIP_SIZE;

/** Our own, so that a hostile directory cannot fill memory: about 400,000 entries with long names. */
export const MAXIMUM_DIRECTORY_BYTES: number = 64 * 1024 * 1024;

/** Up to here a zip travels to the worker in one message; above, block by block. */
export const INLINE_BYTES: number = 256 * 1024;

/** One block of a zip that is read piece by piece: large enough that messages cost nothing. */
export const BLOCK_BYTES: number = 256 * 1024;

/** Entries up to these sizes are inflated in one call; larger ones stream through bounded memory. */
export const WHOLE_COMPRESSED_BYTES: number = 1024 * 1024;
export const WHOLE_CONTENT_BYTES: number = 4 * 1024 * 1024;

/** After this much content the worker lets other zips run, so that a small one never waits long. */
export const SLICE_BYTES: number = 8 * 1024 * 1024;

/** What an entry counts besides its content: opening one takes as long as inflating this much. */
export const ENTRY_COST_BYTES: number = 32 * 1024;
