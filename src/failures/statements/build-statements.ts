import { normaliseLine } from '../normalise/index.ts';
import type { ScannedLine } from '../reading/index.ts';
import { isGoText, LONGEST_STATEMENT, type Statement } from './statement.ts';

export interface StatementBuilder {
  add(line: ScannedLine): void;
}

/** A line and the indented ones below it (reference A1). */
interface Block {
  readonly head: string;
  readonly headNumber: number;
  readonly isGo: boolean;
  readonly isParse: boolean;
  command: string | undefined;
  isRemote: boolean;
}

const INDENTED = /^(?:\t| {2,12}\S)/;
const PARSE_HEAD = /errors parsing \S{1,300}:$/;
const PARSED_LINE = /^(?:\S{0,300}\/)?go\.(?:mod|work|sum):\d/;
const SERVER_RESPONSE = 'server response:';

/** Cuts a log into statements: each line with the block that it belongs to. */
export function createStatementBuilder(
  onStatement: (statement: Statement) => void,
): StatementBuilder {
  let block: Block | undefined;
  let lastNumber = 0;

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
    const at = trimmed.indexOf(SERVER_RESPONSE);
    const inline = at > 0 && !current.isRemote;
    const ours = inline ? trimmed.slice(0, at).trimEnd() : trimmed;
    const shared = {
      number,
      phrases,
      head: isInside ? current.head : undefined,
      headNumber: isInside ? current.headNumber : undefined,
      command: current.command,
    };
    onStatement({
      ...shared,
      text: ours,
      isRemote: current.isRemote,
      isGo: current.isGo || current.command !== undefined || isGoText(ours),
    });
    if (inline) onStatement({ ...shared, text: trimmed.slice(at), isRemote: true, isGo: false });
  }

  return {
    add({ number, text, phrases }) {
      if (number > lastNumber + 1) block = undefined;
      lastNumber = number;
      for (const line of normaliseLine(text)) add(number, line, phrases);
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
  };
}

/** The root stands at the end of a message, what it was about at its beginning. */
function shorten(text: string): string {
  if (text.length <= LONGEST_STATEMENT) return text;
  const start = LONGEST_STATEMENT / 4;
  return `${text.slice(0, start)} … ${text.slice(text.length - LONGEST_STATEMENT + start)}`;
}
