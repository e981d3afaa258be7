import type { SocketFailure, SocketReason } from './network.ts';

/** The time that a step may take is over. */
export class SilenceError extends Error {}

/** Bytes came that the protocol does not have. */
export class NonsenseError extends Error {}

const REASONS: Readonly<Record<string, SocketReason>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'silent',
  EHOSTUNREACH: 'no-route',
  ENETUNREACH: 'no-route',
  EADDRNOTAVAIL: 'no-address',
  EAFNOSUPPORT: 'no-address',
  EPERM: 'not-permitted',
  EACCES: 'not-permitted',
  ENOTFOUND: 'name',
  EAI_AGAIN: 'name',
  EAI_FAIL: 'name',
  EAI_NODATA: 'name',
  CLOSED: 'closed',
  ERR_SSL_WRONG_VERSION_NUMBER: 'nonsense',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'nonsense',
};

/** Node has the code of a reset for a plain end in the middle of a handshake; only the words differ. */
function isEndOfHandshake(error: unknown): boolean {
  return (
    error instanceof Error &&
    error.message.startsWith('Client network socket disconnected before secure TLS')
  );
}

export function socketFailure(error: unknown, milliseconds: number): SocketFailure {
  const code = codeOf(error);
  const failed = { kind: 'failed', code, milliseconds: Math.round(milliseconds) } as const;
  if (error instanceof SilenceError) return { ...failed, reason: 'silent' };
  if (error instanceof NonsenseError) return { ...failed, reason: 'nonsense' };
  if (isEndOfHandshake(error)) return { ...failed, reason: 'closed' };
  return { ...failed, reason: REASONS[code] ?? 'other' };
}

export function codeOf(error: unknown): string {
  const last: unknown = error instanceof AggregateError ? error.errors.at(-1) : error;
  const { code } = (typeof last === 'object' && last !== null ? last : {}) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
