/** What go, git, Docker and servers say after `token:`, `secret NAME:` or `authorization:`. */
const SAID: ReadonlySet<string> = new Set(
  `a access an and any are at authentication authorization be been by can cannot could credentials denied
  disabled does empty error exists exit expected expired failed failure false file for forbidden found from has have
  helper if in incorrect insecure insufficient invalid is it malformed mismatch missing must no none not null of off
  ok on only open or please prompts provided read rejected request required revoked server should stat support the
  this to true unable unauthorized undefined unexpected unknown unsupported unset using used value verification via
  was were when with without wrong yes you your`.split(/\s+/),
);
/** A word of a sentence, with what may follow it. */
const WORD = /^[A-Za-z][a-z]{0,19}(?:[-'][a-z]{1,12})?[.,:;!?)]{0,2}$/;
/** A variable, what a build system masked, or what we did. */
const REFERENCE = /^(?:\$[\w{(]|%\w+%|\*{3,}|\[hidden\]|<[\w -]{1,40}>|x{3,}$|\.{3}$|…)/i;

/** Whether a value goes on with a sentence, or only names a secret. `rest` is what follows it. */
export function isOrdinary(value: string, rest: string): boolean {
  const bare = value.replace(/^\\?["']/, '');
  if (REFERENCE.test(bare)) return true;
  if (!WORD.test(value)) return false;
  const word = value.replace(/[.,:;!?)]+$/, '').toLowerCase();
  return SAID.has(word) || /^ [a-z]{2,20}(?![\w=+/-])/.test(rest);
}
