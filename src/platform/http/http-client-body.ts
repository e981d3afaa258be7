import type { ExchangeResponse } from './http-client-exchange.ts';
import { gunzipped } from './http-client-gzip.ts';
import type { HttpRequest, HttpResponse } from './http-client.ts';
import { ProgramError } from '../errors.ts';

/** A response as the port has it: its body can be read once, and leaving it early frees the connection. */
export function toPortResponse(
  response: ExchangeResponse,
  request: HttpRequest,
  where: string,
): Omit<HttpResponse, 'finalUrl'> {
  const encoded = response.headers['content-encoding']?.trim().toLowerCase() === 'gzip';
  // As net/http: who asks for an encoding gets it as it is, with its headers.
  const decodes = encoded && request.headers?.['accept-encoding'] === undefined;
  let used = false;
  return {
    status: response.status,
    headers: decodes ? withoutEncoding(response.headers) : response.headers,
    encoded,
    body: {
      [Symbol.asyncIterator]() {
        if (used) {
          throw usedTwice(where);
        }
        used = true;
        return decodes ? decodedPieces(response, where) : pieces(response);
      },
    },
    discard: () => response.discard(),
  };
}

async function* pieces(response: ExchangeResponse): AsyncGenerator<Buffer, void, undefined> {
  try {
    for (;;) {
      const piece = await response.take();
      if (piece === undefined) {
        return;
      }
      yield piece;
    }
  } finally {
    response.discard();
  }
}

async function* decodedPieces(
  response: ExchangeResponse,
  where: string,
): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* gunzipped(pieces(response), where);
  } finally {
    // The decoder may still wait for a piece that never comes.
    response.discard();
  }
}

/** Length and encoding describe bytes that the caller does not see. */
function withoutEncoding(
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const rest = { ...headers };
  delete rest['content-encoding'];
  delete rest['content-length'];
  return rest;
}

function usedTwice(where: string): ProgramError {
  return new ProgramError({
    code: 'http-body-used',
    kind: 'bug',
    message: `the body from ${where} was asked for twice`,
  });
}
