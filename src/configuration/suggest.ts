/** The known name nearest to what was written, if it is near enough to be meant. */
export function suggest(written: string, known: readonly string[]): string | undefined {
  const text = written.toLowerCase().replaceAll('-', '_').slice(0, LONGEST_NAME);
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const name of known) {
    const distance = editDistance(text, name.toLowerCase().replaceAll('-', '_'));
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  // A third of the letters, one at least: more is another word.
  const limit = Math.max(1, Math.floor(text.length / 3));
  return bestDistance <= limit ? best : undefined;
}

/** The distance takes the product of both lengths. */
const LONGEST_NAME = 64;

/** Inserted, removed, replaced and swapped letters. */
function editDistance(left: string, right: string): number {
  let twoBack: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const isSame = left[row - 1] === right[column - 1];
      const isSwapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      const replaced = (previous[column - 1] ?? 0) + (isSame ? 0 : 1);
      const swapped = isSwapped ? (twoBack[column - 2] ?? Infinity) + 1 : Infinity;
      const removed = (previous[column] ?? 0) + 1;
      const inserted = (current[column - 1] ?? 0) + 1;
      current.push(Math.min(replaced, swapped, removed, inserted));
    }
    [twoBack, previous] = [previous, current];
  }
  return previous[right.length] ?? Infinity;
}
