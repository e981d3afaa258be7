/** What a build system that nobody described puts before each line, learnt from lines that stand together. */
export interface PrefixMemory {
  learn(one: string, other: string): void;
  strip(text: string): string;
}

/** Where the own words of go, git and tests begin: what neighbours have before them alike is not theirs. */
const BEGINNING =
  /(?:go: |# [\w.-]{1,100}\/|fatal: |remote: |verifying \S|--- FAIL: |FAIL\t|ok {2}\t|\t)/g;
/** A name ends with a sign or a space; a word before a TAB is a column. */
const SEPARATOR = /[\s:|>\])}-]$/;
/** A place in a file, an address or a module is part of what is said. */
const OWN_WORDS = /\.go:\d|:\/\/|@v\d|\bgo: /;
const LONGEST_PREFIX = 120;
/** Several containers may write into one log. */
const MOST_PREFIXES = 8;
/** An ordinary log has line after line of a tool's own. */
const MOST_TRIES = 2000;

export function createPrefixMemory(): PrefixMemory {
  const known = new Map<string, RegExp>();
  let tries = 0;

  return {
    learn(one, other) {
      if (known.size >= MOST_PREFIXES || tries >= MOST_TRIES) return;
      tries += 1;
      for (const [text, neighbour] of [
        [one, other],
        [other, one],
      ] as const) {
        const prefix = prefixOf(text);
        if (prefix === undefined) continue;
        const pattern = asPattern(prefix);
        if (pattern.test(neighbour)) known.set(pattern.source, pattern);
      }
    },
    strip(text) {
      for (const pattern of known.values()) {
        const length = pattern.exec(text)?.[0].length ?? 0;
        if (length > 0) return text.slice(length);
      }
      return text;
    },
  };
}

function prefixOf(text: string): string | undefined {
  for (const { index, 0: beginning } of text.slice(0, LONGEST_PREFIX).matchAll(BEGINNING)) {
    if (index === 0) return undefined;
    const prefix = text.slice(0, index);
    if (!SEPARATOR.test(prefix) || OWN_WORDS.test(prefix)) continue;
    // Lines of git are indented below the command that ran it.
    const isIndent = prefix.trim() === '';
    if (!isIndent || /^(?:go: |# |verifying )/.test(beginning)) return prefix;
  }
  return undefined;
}

/** Numbers count on from line to line, and grow wider. */
function asPattern(prefix: string): RegExp {
  const parts = prefix.split(/ *\d{1,20}/);
  return new RegExp(`^${parts.map((part) => RegExp.escape(part)).join(String.raw` *\d{1,20}`)}`);
}
