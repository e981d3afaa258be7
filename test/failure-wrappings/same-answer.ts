import { createDiagnoser } from '../../src/failures/index.ts';
import type { Diagnoser } from '../../src/failures/index.ts';

/** What is told of a log, as far as what is around it must not change it. */
export interface Told {
  readonly id: string;
  readonly proof: string;
}

export function createTeller(): (log: string) => Told {
  const diagnoser: Diagnoser = createDiagnoser();
  return (log) => {
    const diagnosis = diagnoser.start();
    diagnosis.write(Buffer.from(log));
    const { findings, outcome } = diagnosis.end();
    return {
      id: findings[0]?.code ?? outcome,
      proof: plainly(findings[0]?.evidence[0]?.text ?? ''),
    };
  };
}

/** A shorter text would be part of many lines. */
const LEAST_PROOF = 16;
/** A longer line is clipped around what decides, and where depends on what stands before it. */
const MOST_PROOF = 400;

export function isSame(bare: Told, wrapped: Told): boolean {
  if (bare.id !== wrapped.id) return false;
  const proof = bare.proof.slice(0, MOST_PROOF);
  return (
    wrapped.proof.includes(proof) ||
    (wrapped.proof.length >= LEAST_PROOF && bare.proof.includes(wrapped.proof))
  );
}

function plainly(text: string): string {
  return text
    .replaceAll(/\\+(["'\\])/gu, '$1')
    .replaceAll(/\s+/gu, ' ')
    .trim();
}
