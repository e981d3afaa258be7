import type { IncomingMessage } from 'node:http';
import type { Answer } from './plain-answer.ts';

/** A single range of a whole answer, end not included; undefined sends everything (RFC 9110, 14.2). */
export function parseRange(
  request: IncomingMessage,
  answer: Answer,
): { readonly start: number; readonly end: number } | undefined {
  const header = request.headers.range;
  if (header === undefined || answer.status !== 200) return undefined;
  const condition = request.headers['if-range'];
  if (condition !== undefined && condition !== answer.headers['etag']) return undefined;
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(header) ?? [];
  if (first === undefined) return undefined;
  const start = Number(first);
  const end =
    last === undefined || last === ''
      ? answer.body.length
      : Math.min(Number(last) + 1, answer.body.length);
  return start < end ? { start, end } : undefined;
}
