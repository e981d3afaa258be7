import { isProgramError, ProgramError } from '../errors.ts';

/** What the client was doing when it failed; `DialStep` says more about connecting. */
export type HttpPhase =
  | 'waiting for a free connection'
  | 'connecting'
  | 'waiting for the headers'
  | 'reading the body';

export type DialStep =
  | 'looking up the name'
  | 'connecting'
  | 'connecting to the proxy'
  | 'in the TLS handshake'
  | 'in the TLS handshake with the proxy'
  | 'waiting for the tunnel through the proxy';

export function connectFailed(
  where: string,
  problem: string,
  cause?: unknown,
  systemCode: string = errorCode(cause),
): ProgramError {
  return new ProgramError({
    code: 'http-connect-failed',
    kind: 'unavailable',
    message: `connecting to ${where}: ${problem}`,
    cause,
    details: { where, systemCode },
  });
}

export function timedOut(
  where: string,
  phase: HttpPhase | DialStep,
  milliseconds: number,
): ProgramError {
  return new ProgramError({
    code: 'http-timeout',
    kind: 'timeout',
    message: `${where} gave nothing for ${inWords(milliseconds)}: timed out ${phase}`,
    details: { where, phase, milliseconds },
  });
}

/** Nobody reads tens of thousands of milliseconds, let alone parts of one. */
function inWords(milliseconds: number): string {
  return milliseconds < 10_000
    ? `${Math.round(milliseconds)} ms`
    : `${Math.round(milliseconds / 1000)} s`;
}

export function bodyCut(where: string, problem: string, cause?: unknown): ProgramError {
  return new ProgramError({
    code: 'http-body-cut',
    kind: 'unavailable',
    message: `the body from ${where} ended early: ${problem}`,
    cause,
    details: { where, systemCode: errorCode(cause) },
  });
}

export function protocolError(where: string, problem: string, cause?: unknown): ProgramError {
  return new ProgramError({
    code: 'http-protocol-error',
    kind: 'unavailable',
    message: `${where} does not speak HTTP/1.1 correctly: ${problem}`,
    cause,
    details: { where },
  });
}

export function redirectRefused(where: string, problem: string): ProgramError {
  return new ProgramError({
    code: 'http-redirect-refused',
    kind: 'unavailable',
    message: `a redirect from ${where} is not followed: ${problem}`,
    details: { where },
  });
}

export function redirectIsLocal(where: string, target: string): ProgramError {
  return new ProgramError({
    code: 'http-redirect-local',
    kind: 'denied',
    message: `a redirect from ${where} is not followed: it leads into this machine, at ${target}`,
    hint: 'where that is meant, allow it with --allow-local-redirects; else ask whoever runs that upstream',
    details: { where, target },
  });
}

export function requestRefused(problem: string): ProgramError {
  return new ProgramError({
    code: 'http-request-refused',
    kind: 'bad-input',
    message: `the request cannot be sent: ${problem}`,
  });
}

const OF_THE_WAY: ReadonlySet<string> = new Set([
  'http-connect-failed',
  'http-dns-failed',
  'http-protocol-error',
  'http-timeout',
  'http-tls-failed',
]);

/** The same failure, met on a way that `from` named: who reads of the place alone did not ask for it. */
export function afterRedirect(error: unknown, from: string): unknown {
  if (!isProgramError(error) || !OF_THE_WAY.has(error.code)) return error;
  const { code, kind, message, cause, hint, details } = error;
  return new ProgramError({
    code,
    kind,
    message: `a redirect from ${from} leads nowhere: ${message}`,
    cause,
    ...(hint === undefined ? {} : { hint }),
    details: { ...details, redirectedFrom: from },
  });
}

/** A socket that could not be opened: name resolution has its own code, because its mending differs. */
export function dialFailed(where: string, error: unknown): ProgramError {
  if (isProgramError(error)) {
    return error;
  }
  const code = errorCode(error);
  // EAI_AGAIN, EAI_FAIL, EAI_NODATA, and what resolvers on other systems call it.
  if (code === 'ENOTFOUND' || code.startsWith('EAI_')) {
    return new ProgramError({
      code: 'http-dns-failed',
      kind: 'unavailable',
      message:
        code === 'ENOTFOUND'
          ? `the name of ${where} does not resolve`
          : `the name of ${where} could not be looked up (${code})`,
      cause: error,
      hint: 'Check the host name, and that this machine can reach its name server.',
      details: { where, systemCode: code },
    });
  }
  return connectFailed(where, describeSocketError(error), error);
}

/** A failure after the request was sent and before the response's headers. */
export function headersFailed(where: string, error: unknown): ProgramError {
  if (isProgramError(error)) {
    return error;
  }
  const code = errorCode(error);
  if (code === 'UND_ERR_INVALID_ARG') {
    return requestRefused('a header holds characters that HTTP does not allow');
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    return protocolError(where, 'its header section is too long', error);
  }
  if (isParserError(error) || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') {
    return isTlsRecord(error)
      ? speaksTls(where, error)
      : protocolError(where, 'the answer cannot be parsed', error);
  }
  if (code === 'UND_ERR_SOCKET' && error instanceof Error && error.message.startsWith('bad ')) {
    return protocolError(where, 'it sent an answer that nobody asked for', error);
  }
  return connectFailed(where, `${describeSocketError(error)} before the headers came`, error);
}

/** A TLS server answers what it cannot read with an alert: a record of type 21 (RFC 8446, section 5.1). */
function isTlsRecord(error: unknown): boolean {
  const { data } = (error ?? {}) as { data?: unknown };
  return /^[\u0014-\u0017]\u0003/.test(String(data));
}

function speaksTls(where: string, cause: unknown): ProgramError {
  return new ProgramError({
    code: 'http-protocol-error',
    kind: 'unavailable',
    message: `${where} speaks TLS on this port, and was asked in plain HTTP`,
    cause,
    hint: 'Write https:// in front of this address, or the port of its plain HTTP.',
    details: { where },
  });
}

/** What an aborted request rejects with: the signal's reason as it is, when it is an error. */
export function abortReason(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason : new Error('the request was aborted', { cause: reason });
}

/** undici gives these no usable code. */
export function isParserError(error: unknown): boolean {
  return error instanceof Error && error.name === 'HTTPParserError';
}

/** Failures that a request sees when its kept-alive connection was closed by the server meanwhile. */
export function isStaleConnection(error: unknown): boolean {
  const code = errorCode(error);
  return (
    code === 'ECONNRESET' || code === 'EPIPE' || (code === 'UND_ERR_SOCKET' && closedByPeer(error))
  );
}

export function describeSocketError(error: unknown): string {
  const code = errorCode(error);
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'the connection was refused',
    ECONNRESET: 'the connection was reset',
    EPIPE: 'the connection was closed',
    UND_ERR_SOCKET: 'the connection was closed',
    EHOSTUNREACH: 'the host is unreachable',
    ENETUNREACH: 'the network is unreachable',
    EADDRNOTAVAIL: 'no local address can reach it',
    ETIMEDOUT: 'the network gave no answer',
    EMFILE: 'this process has too many open files',
  };
  return words[code] ?? (code === '' ? 'the connection failed' : `the connection failed (${code})`);
}

/** The stable code of a system or library error; several attempts (Happy Eyeballs) count as their last. */
export function errorCode(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return errorCode(error.errors[error.errors.length - 1]);
  }
  if (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    typeof error.code === 'string'
  ) {
    return error.code;
  }
  return '';
}

function closedByPeer(error: unknown): boolean {
  return (
    error instanceof Error && (error.message === 'other side closed' || error.message === 'closed')
  );
}
