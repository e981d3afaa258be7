import { CONNECTION_HEADERS } from '../connection-headers.ts';

/** A request that needs nothing but a path and a few headers. */
export interface RequestHead {
  readonly method: 'GET' | 'HEAD';
  /** The request target as it came. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Reads the heads of one connection. */
export interface HeadReader {
  /** Undefined: not exactly one plain request, whatever else it may be. */
  read(text: string): RequestHead | undefined;
}

/** Who says more than a plain GET has to is served by a whole HTTP implementation. */
const SPECIAL: ReadonlySet<string> = new Set([...CONNECTION_HEADERS, 'content-length']);

/** One line, as every client writes it; odd but legal forms are left to others. */
const REQUEST_LINE = /^(GET|HEAD) (\/[\x21-\x7e]*) HTTP\/1\.1\r\n/;
/** RFC 9110 5.6.2 and 5.5, without obs-text and empty values. */
const HEADER_LINE =
  /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?)[ \t]*$/;

/** The empty line behind the headers. */
export const HEAD_END = '\r\n\r\n';
const NONE: Readonly<Record<string, string>> = {};

/**
 * Strict on purpose: only what cannot be read in two ways is read here. The header lines of one
 * connection are the same each time, so they are read once and recognised afterwards.
 */
export function createHeadReader(): HeadReader {
  let lastLines = '';
  let lastHeaders = NONE;
  return {
    read(text) {
      // The first empty line must be the end: nothing pipelined, no body.
      if (text.indexOf(HEAD_END) !== text.length - HEAD_END.length) {
        return undefined;
      }
      const match = REQUEST_LINE.exec(text);
      if (match === null) {
        return undefined;
      }
      const lines = text.slice(match[0].length - 2);
      if (lines !== lastLines) {
        const headers = readHeaders(lines);
        if (headers === undefined) {
          return undefined;
        }
        lastLines = lines;
        lastHeaders = headers;
      }
      const method = match[1] === 'HEAD' ? 'HEAD' : 'GET';
      return { method, target: match[2] ?? '/', headers: lastHeaders };
    },
  };
}

/** From the line break before the first header to the empty line. */
function readHeaders(lines: string): Readonly<Record<string, string>> | undefined {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  if (lines === HEAD_END) {
    return headers;
  }
  for (const line of lines.slice(2, -HEAD_END.length).split('\r\n')) {
    const match = HEADER_LINE.exec(line);
    const name = match?.[1]?.toLowerCase();
    if (name === undefined || SPECIAL.has(name) || headers[name] !== undefined) {
      return undefined;
    }
    headers[name] = match?.[2] ?? '';
  }
  return headers;
}
