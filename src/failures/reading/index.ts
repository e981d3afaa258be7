// A log as bytes of any size in, the few lines that can matter out: one pass, bounded memory.
export { createAutomaton } from './automaton.ts';
export { createByteReader } from './byte-reader.ts';
export { findPhrases } from './find-phrases.ts';
export { withoutColours } from './without-colours.ts';
export { createLineScanner } from './line-scanner.ts';
export type { Automaton } from './automaton.ts';
export type { LineScanner, PhraseRanks, ScannedLine, ScannedTotals } from './line-scanner.ts';
