/** Causes of causes are few; a ring of them would never end. */
const DEPTH_LIMIT = 5;

/** What an error says together with what it came from: the words of the system, such as ENOSPC, stand last. */
export function toldCause(error: unknown): string {
  const words: string[] = [];
  let next = error;
  for (let depth = 0; depth < DEPTH_LIMIT && next instanceof Error; depth += 1) {
    if (!words.includes(next.message)) words.push(next.message);
    next = next.cause;
  }
  return words.length === 0 ? String(error) : words.join(': ');
}
