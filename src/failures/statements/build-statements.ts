import { createPrefixMemory, normaliseLine, type NormalLine } from '../normalise/index.ts';
import type { ScannedLine } from '../reading/index.ts';
import { isGoText, LONGEST_STATEMENT, type ReplyLine, type Statement } from './statement.ts';

export interface StatementBuilder {
  add(line: ScannedLine): void;
  /** The last line waits for a neighbour until here. */
  end(): void;
}

/** A line and the indented ones below it (reference A1). */
interface Block {
  readonly head: string;
  readonly headNumber: number;
  readonly isGo: boolean;
  readonly isParse: boolean;
  command: string | undefined;
  isRemote: boolean;
  readonly reply: ReplyLine[];
}

const INDENTED = /^(?:\t| {2,12}\S)/;
const PARSE_HEAD = /errors parsing \S{1,300}:$/;
const PARSED_LINE = /^(?:\S{0,300}\/)?go\.(?:mod|work|sum):\d/;
const SERVER_RESPONSE = 'server response:';
/** The first lines of an answer say what it is about. */
const MOST_REPLY_LINES = 2;

/** Lines that follow "server response:" where a viewer took the white space away; go prints at most 8. */
const MOST_LOOSE_LINES = 8;
/** Where somebody else begins to speak. */
const OWN_BEGINNING =
  /^(?:go: |# |[$+] |##|make\b|ERROR|FAIL|ok |exit status |verifying |If this is a private|\S{1,300}\.go:\d|\S{1,300}@v\d\S*: )/;

/** A line of the log, taken out of what was around it, that waits for the next one. */
interface Held {
  readonly number: number;
  readonly phrases: readonly number[];
  readonly lines: readonly NormalLine[];
}

/** Cuts a log into statements: each line with the block that it belongs to. */
export function createStatementBuilder(
  /** The phrases of a text that a line carried inside. */
  phrasesOf: (text: string) => readonly number[],
  onStatement: (statement: Statement) => void,
): StatementBuilder {
  const prefixes = createPrefixMemory();
  let block: Block | undefined;
  let held: Held | undefined;
  let lastNumber = 0;
  let looseLines = 0;

  function add(number: number, raw: string, phrases: readonly number[]): void {
    const text = shorten(raw);
    const isInside =
      block !== undefined &&
      (INDENTED.test(text) || text === '' || (block.isParse && PARSED_LINE.test(text)));
    if (text === '') return;
    if (!isInside) block = open(text, number);
    const current = block;
    if (current === undefined) return;
    const trimmed = text.trimStart();
    if (/exit status \d{1,3}:$/.test(trimmed)) current.command = trimmed;
    if (isInside && trimmed.startsWith(SERVER_RESPONSE)) current.isRemote = true;
    if (!isInside) readLoose(current, trimmed);
    const at = trimmed.indexOf(SERVER_RESPONSE);
    const inline = at > 0 && !current.isRemote;
    const ours = inline ? trimmed.slice(0, at).trimEnd() : trimmed;
    if (inline || (isInside && current.isRemote)) addReply(current, number, trimmed);
    const shared = {
      number,
      phrases,
      head: isInside ? current.head : undefined,
      headNumber: isInside ? current.headNumber : undefined,
      command: current.command,
      reply: current.reply,
    };
    onStatement({
      ...shared,
      text: ours,
      isRemote: current.isRemote,
      isGo: current.isGo || current.command !== undefined || isGoText(ours),
    });
    if (inline) onStatement({ ...shared, text: trimmed.slice(at), isRemote: true, isGo: false });
  }

  function readLoose(current: Block, text: string): void {
    if (text.startsWith(SERVER_RESPONSE)) looseLines = MOST_LOOSE_LINES + 1;
    else if (OWN_BEGINNING.test(text)) looseLines = 0;
    current.isRemote = looseLines > 0;
    looseLines = Math.max(0, looseLines - 1);
  }

  function pass({ number, lines, phrases }: Held): void {
    if (number > lastNumber + 1) {
      block = undefined;
      looseLines = 0;
    }
    lastNumber = number;
    for (const { text, isCarried, isOverwritten } of lines) {
      const own = isCarried ? phrasesOf(text) : phrases;
      // Progress that nothing speaks in must not come between a line and the next.
      if (!isOverwritten || own.length > 0) add(number, prefixes.strip(text), own);
    }
  }

  return {
    add({ number, text, phrases }) {
      const line: Held = { number, phrases, lines: normaliseLine(text) };
      for (const [index, { text: carried }] of line.lines.entries()) {
        const before = line.lines[index - 1];
        if (before !== undefined) prefixes.learn(before.text, carried);
      }
      if (held !== undefined) {
        const [one, other] = [held.lines.at(-1), line.lines.at(-1)];
        if (number === held.number + 1 && one !== undefined && other !== undefined) {
          prefixes.learn(one.text, other.text);
        }
        pass(held);
      }
      held = line;
    },
    end() {
      if (held !== undefined) pass(held);
      held = undefined;
    },
  };
}

function open(text: string, number: number): Block {
  return {
    head: text,
    headNumber: number,
    isGo: isGoText(text),
    isParse: PARSE_HEAD.test(text),
    command: undefined,
    isRemote: false,
    reply: [],
  };
}

function addReply({ reply }: Block, number: number, text: string): void {
  const at = text.indexOf(SERVER_RESPONSE);
  const said = (at === -1 ? text : text.slice(at + SERVER_RESPONSE.length)).trim();
  if (said !== '' && reply.length < MOST_REPLY_LINES) reply.push({ number, text: said });
}

/** The root stands at the end of a message, what it was about at its beginning. */
function shorten(text: string): string {
  if (text.length <= LONGEST_STATEMENT) return text;
  const start = LONGEST_STATEMENT / 4;
  return `${text.slice(0, start)} … ${text.slice(text.length - LONGEST_STATEMENT + start)}`;
}
