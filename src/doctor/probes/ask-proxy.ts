import type { HttpFailure } from '../explain-http-error.ts';
import type { DoctorNeeds } from '../needs.ts';
import type { Patient } from '../patient/index.ts';
import { fetchText } from './fetch-text.ts';
import type { Fetched } from './fetch-text.ts';

export type Answer = Extract<Fetched, { kind: 'answer' }>;

export interface ProxyAnswers {
  readonly mod: Answer;
  readonly info: Fetched;
  readonly list: Fetched;
  /** The later requests went over the first one's connection. */
  readonly isReused: boolean;
}

/** One after the other, so that the second shows whether connections are kept. */
export async function askProxy(
  needs: DoctorNeeds,
  { at, list }: { readonly at: string; readonly list: string },
  patient: Patient,
  signal: AbortSignal,
): Promise<ProxyAnswers | { readonly failure: HttpFailure }> {
  const mod = await fetchText(needs, patient, `${at}.mod`, signal);
  if (mod.kind === 'failed') return { failure: mod.failure };
  const info = await fetchText(needs, patient, `${at}.info`, signal);
  const listed = await fetchText(needs, patient, list, signal);
  return { mod, info, list: listed, isReused: isReused(info) || isReused(listed) };
}

function isReused({ kind, milliseconds }: Fetched): boolean {
  return kind === 'answer' && milliseconds['connect'] === undefined;
}
