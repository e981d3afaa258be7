// go.sum files, and the h1: hashes of zips and go.mod files that they hold.
export { hash1, hashGoMod, type HashedEntry } from './hash.ts';
export {
  formatSumfile,
  parseSumfile,
  type SumEntry,
  type Sumfile,
  type SumProblem,
} from './sumfile.ts';
