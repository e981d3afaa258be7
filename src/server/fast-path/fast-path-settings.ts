import type { Socket } from 'node:net';
import type { Clock } from '../../platform/index.ts';
import type { RequestHead } from './request-head.ts';
import type { SocketReply } from './socket-reply.ts';

/** Begins an answer and returns true, or returns false when this request is not for the fast path. */
export type FastPathAnswer = (head: RequestHead, reply: SocketReply, client: string) => boolean;

export interface FastPathNeeds {
  readonly clock: Clock;
  readonly answer: FastPathAnswer;
  /** Takes a connection from its next byte on, for good. */
  readonly handOver: (socket: Socket) => void;
}

export interface FastPathSettings {
  /** From accepting a connection to its first byte. */
  readonly firstByteMilliseconds: number;
  /** Between two requests. */
  readonly keepAliveMilliseconds: number;
  /** While an answer is being made or read. */
  readonly silenceMilliseconds: number;
  /** Of a request with its headers. */
  readonly maximumHeaderBytes: number;
}
