import type { Readable } from 'node:stream';

/** HTTP to another process of ours through a file: requests and answers pass as they are. */
export interface SocketClient {
  ask(request: SocketRequest): PendingAnswer;
  close(): void;
}

export interface SocketRequest {
  readonly method: string;
  /** The request target as it came. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** What the client sends, where it may send something. */
  readonly body: Readable | undefined;
}

export interface PendingAnswer {
  /** Its headers have come. Rejects when there is none. */
  readonly answer: Promise<SocketAnswer>;
  /** Nobody waits for it any more, or for the rest of its body. */
  abandon(): void;
}

export interface SocketAnswer {
  readonly status: number;
  /** Alternating names and values, as they came. */
  readonly headers: readonly string[];
  /** Ends when it is whole, is destroyed when it is not. */
  readonly body: Readable;
}
