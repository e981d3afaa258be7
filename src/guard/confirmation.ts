import type { Finding } from '../finding/index.ts';

/** What was seen when the cause of a failure was looked at again, right after it. */
export interface Confirmation {
  readonly id: string;
  /** `not-seen`: what failed works now, so it was there for a moment only. */
  readonly state: 'confirmed' | 'not-seen';
  /** One line. */
  readonly proof: string;
  /** That the look took, which no phase of the command has in it. */
  readonly milliseconds: number;
}

/** Looks at one cause in a directory and in the environment that the command would have without us. */
export type LookAgain = (
  finding: Finding,
  directory: string,
  signal: AbortSignal,
) => Promise<Pick<Confirmation, 'state' | 'proof'> | undefined>;

/** As people read it, everywhere. */
export function tellConfirmation({ state, proof }: Confirmation): string {
  return `${state === 'confirmed' ? 'confirmed now' : 'not seen any more'}: ${proof}`;
}

/** The root as it stands after the look. */
export function withCheck(
  findings: readonly Finding[],
  confirmation: Confirmation | undefined,
): readonly Finding[] {
  if (confirmation === undefined) return findings;
  const checked = confirmation.state === 'confirmed' ? 'yes' : 'no';
  return findings.map((finding, index) => (index === 0 ? { ...finding, checked } : finding));
}
