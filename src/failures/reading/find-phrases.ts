import { STATE_SHIFT, type Automaton } from './automaton.ts';

/** The phrases of a text that a line carried inside: escaped there, they may have looked otherwise. */
export function findPhrases(automaton: Automaton, text: string): readonly number[] {
  const { next, classes, firstSpecial, newline, found } = automaton;
  const phrases: number[] = [];
  let state = 0;
  for (const byte of Buffer.from(text)) {
    state = next[(state << STATE_SHIFT) | (classes[byte] ?? 0)] ?? 0;
    if (state < firstSpecial || state === newline) continue;
    for (const phrase of found[state - firstSpecial] ?? []) {
      if (!phrases.includes(phrase)) phrases.push(phrase);
    }
  }
  return phrases;
}
