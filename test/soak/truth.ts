import { createHash } from 'node:crypto';
import { createModuleMaker } from '../../src/drills/index.ts';
import type { ModuleSpecification } from '../../src/drills/index.ts';

/** What a body must be: from the generator that the origins use, never from what they sent. */
export interface Truth {
  /** Bytes of `.info`, `.mod` or `.zip`. */
  length(file: SoakFile): number;
  /** sha256 of the bytes from `start` up to, not including, `end`. */
  digest(file: SoakFile, start: number, end: number): string;
}

export interface SoakFile {
  readonly module: ModuleSpecification;
  readonly kind: 'info' | 'mod' | 'zip';
}

/** Whole bodies are asked for again and again; ranges rarely twice. */
const KEPT_DIGESTS = 20_000;

export function createTruth(): Truth {
  const make = createModuleMaker();
  const kept = new Map<string, string>();

  function pieces({ module, kind }: SoakFile, start: number, end: number): Iterable<Buffer> {
    const made = make(module);
    if (kind === 'zip') return made.zip().body.pieces(start, end);
    return [Buffer.from(kind === 'mod' ? made.goMod : made.info).subarray(start, end)];
  }

  function length({ module, kind }: SoakFile): number {
    const made = make(module);
    if (kind === 'zip') return made.zip().body.length;
    return Buffer.byteLength(kind === 'mod' ? made.goMod : made.info);
  }

  return {
    length,
    digest(file, start, end) {
      const isWhole = start === 0 && end === length(file);
      const key = `${file.module.path}@${file.module.version}.${file.kind}`;
      const known = isWhole ? kept.get(key) : undefined;
      if (known !== undefined) return known;
      const hash = createHash('sha256');
      for (const piece of pieces(file, start, end)) hash.update(piece);
      const digest = hash.digest('hex');
      if (isWhole && kept.size < KEPT_DIGESTS) kept.set(key, digest);
      return digest;
    },
  };
}
