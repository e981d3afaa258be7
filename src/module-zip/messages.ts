import type { ZipVerdict } from './check-zip.ts';

/** What the checker sends to its worker. */
export type ToWorker =
  | {
      readonly kind: 'check';
      readonly id: number;
      readonly path: string;
      readonly version: string;
      readonly listFiles: boolean;
      readonly size: number;
      /** The whole zip when it is small; else the worker asks for blocks. */
      readonly bytes: Uint8Array<ArrayBuffer> | undefined;
    }
  | { readonly kind: 'block'; readonly request: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'cancel'; readonly id: number };

/** What the worker sends back. A block of length 0 only gives others a turn. */
export type FromWorker =
  | {
      readonly kind: 'read';
      readonly id: number;
      readonly request: number;
      readonly position: number;
      readonly length: number;
    }
  | { readonly kind: 'verdict'; readonly id: number; readonly verdict: ZipVerdict }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };
