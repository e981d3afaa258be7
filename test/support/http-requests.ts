import assert from 'node:assert/strict';
import { ProgramError } from '../../src/platform/index.ts';
import type { HttpRequest, HttpResponse } from '../../src/platform/http/index.ts';

/** A request with generous limits; tests override what they are about. */
export function requestFor(url: string, parts: Partial<HttpRequest> = {}): HttpRequest {
  return {
    method: 'GET',
    url,
    signal: new AbortController().signal,
    connectMilliseconds: 5_000,
    headersMilliseconds: 5_000,
    idleMilliseconds: 5_000,
    ...parts,
  };
}

export async function readText(response: HttpResponse): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of response.body) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

/** For assert.rejects: the code, and no secret anywhere in what a log would show. */
export function failsWith(code: string, ...words: readonly string[]): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof ProgramError, `not a ProgramError: ${String(error)}`);
    assert.equal(error.code, code, error.message);
    for (const word of words)
      assert.ok(error.message.includes(word), `"${word}" in: ${error.message}`);
    const shown = JSON.stringify([error.message, error.hint, error.details, String(error.cause)]);
    assert.doesNotMatch(shown, /secret|c2VjcmV0/);
    return true;
  };
}

/** Waits until a count is 0; connections close a moment after they were given up. */
export async function gone(count: () => number): Promise<void> {
  for (let attempt = 0; attempt < 100 && count() > 0; attempt += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.equal(count(), 0);
}
