// Looking ahead: what a client will ask next, guessed from what it asked and from what came in.
export { createLookAhead, noLookAhead } from './look-ahead.ts';
export type { FetchedAhead, LookAhead, LookAheadNeeds, LookAheadSettings } from './look-ahead.ts';
export type { ExpectedModule } from './client-view.ts';
export type { Guess } from './guess.ts';
