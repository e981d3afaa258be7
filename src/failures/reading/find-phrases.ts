import { isInWord, type Automaton } from './automaton.ts';

/** The phrases of a text that a line carried inside: escaped there, they may have looked otherwise. */
export function findPhrases(automaton: Automaton, text: string): readonly number[] {
  const { next, classes, firstSpecial, newline, found, wordLengths } = automaton;
  const bytes = Buffer.from(text);
  const phrases: number[] = [];
  let state = 0;
  for (const [at, byte] of bytes.entries()) {
    state = next[state + (classes[byte] ?? 0)] ?? 0;
    if (state < firstSpecial || state === newline) continue;
    for (const phrase of found(state)) {
      const length = wordLengths[phrase] ?? 0;
      const isPart = length > 0 && isInWord(bytes, at + 1 - length);
      if (!isPart && !phrases.includes(phrase)) phrases.push(phrase);
    }
  }
  return phrases;
}
