import type { ExchangeResponse } from './http-client-exchange.ts';
import type { HttpRequest, HttpResponse } from './http-client.ts';
import { ProgramError } from './errors.ts';

/** A response as the port has it: its body can be read once, and leaving it early frees the connection. */
export function singleUseBody(
  response: ExchangeResponse,
  _request: HttpRequest,
  where: string,
): Omit<HttpResponse, 'finalUrl'> {
  let used = false;
  return {
    status: response.status,
    headers: response.headers,
    encoded: false,
    body: {
      [Symbol.asyncIterator]() {
        if (used) {
          throw new ProgramError({
            code: 'http-body-used',
            kind: 'bug',
            message: `the body from ${where} was asked for twice`,
          });
        }
        used = true;
        return pieces(response);
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
