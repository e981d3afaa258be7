import { describeSocketError, isParserError } from './http-client-errors.ts';

/** Repeated headers as one; without a prototype, as names come from outside. */
export function joinHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Readonly<Record<string, string>> {
  const joined: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) {
      joined[name] = typeof value === 'string' ? value : value.join(', ');
    }
  }
  return joined;
}

/** Undefined when only the end of the body tells. */
export function bodyLength(
  method: string,
  status: number,
  headers: Readonly<Record<string, string>>,
): number | undefined {
  if (method === 'HEAD' || status === 204 || status === 304) {
    return 0;
  }
  const length = headers['content-length'];
  return length === undefined || headers['transfer-encoding'] !== undefined
    ? undefined
    : Number(length);
}

export function describeBodyError(error: Error): string {
  return isParserError(error)
    ? 'its chunks are malformed or incomplete'
    : describeSocketError(error);
}
