/** A line that the remote machine sent. */
export interface ReplyLine {
  readonly number: number;
  readonly text: string;
}

/** One line of a tool, and where it stands. */
export interface Statement {
  /** Line of the log, from 1. */
  readonly number: number;
  readonly text: string;
  /** Numbers of the phrases that were found in the line. */
  readonly phrases: readonly number[];
  /** What a remote machine sent, below "server response:". */
  readonly isRemote: boolean;
  /** The line that opened the block, when this one belongs to it. */
  readonly head: string | undefined;
  readonly headNumber: number | undefined;
  /** The command line whose output this is: `git ls-remote … in …: exit status 128:` */
  readonly command: string | undefined;
  /** What the server said of it; the lines come after this one, so it is whole at the end of the log only. */
  readonly reply: readonly ReplyLine[];
  /** The go command speaks, or one that it started. */
  readonly isGo: boolean;
}

/** Patterns look at no more: an error of the go command with its chain is shorter. */
export const LONGEST_STATEMENT = 2000;

const GO_WORDS =
  /(?:^|\s)go(?: (?:get|mod|list|build|install|run|test|vet|tool|work|generate|env))?(?: \S{1,200})?: |@v\d|\/@v\/|\/@latest|\?go-get=1|\/sumdb\/|\/lookup\/|proxyconnect tcp|reading (?:https?|file):\/\/|verifying (?:module|go\.mod)|https fetch:|cmd\/go|\bGOPROXY|golang\.org|goproxy\.|-> unzip |\/pkg\/mod\/cache\//;
const POSITION =
  /^[^\s:]{1,300}\.go:\d{1,7}:\d{1,5}: \S{1,300}(?:@v\d|: (?:Get|reading|cannot find|unrecognized))/;

export function isGoText(text: string): boolean {
  return GO_WORDS.test(text) || POSITION.test(text);
}
