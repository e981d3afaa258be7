import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import { parseAddress } from './forward-proxy-networks.ts';
import { connectFailed, describeSocketError, protocolError } from './http-client-errors.ts';
import { nameOf } from './http-client-dial.ts';
import type { Endpoint } from './http-client-dial.ts';
import { readUntil } from './http-client-read.ts';

export interface SocksRequest {
  readonly target: Endpoint;
  /** The proxy as errors name it. */
  readonly proxy: string;
  readonly user: { readonly name: string; readonly password: string } | undefined;
}

const VERSION = 5;
const NO_AUTHENTICATION = 0;
const USER_AND_PASSWORD = 2;
const NO_METHOD_ACCEPTED = 0xff;

/** RFC 1928, section 6. */
const REPLIES: readonly string[] = [
  'succeeded',
  'the proxy failed',
  'the proxy does not allow it',
  'the proxy finds the network unreachable',
  'the proxy finds the host unreachable',
  'the proxy had its connection refused',
  'the proxy gave up waiting',
  'the proxy does not know the command',
  'the proxy does not know the kind of address',
];

/** A SOCKS5 tunnel (RFC 1928, RFC 1929). Names are resolved by the proxy, also for `socks5:`, as in Go. */
export async function openSocksTunnel(
  socket: Socket,
  request: SocksRequest,
  signal: AbortSignal,
): Promise<void> {
  const conversation = talkTo(socket, request, signal);
  const methods =
    request.user === undefined ? [NO_AUTHENTICATION] : [NO_AUTHENTICATION, USER_AND_PASSWORD];
  const [, method] = await conversation.ask(
    Buffer.from([VERSION, methods.length, ...methods]),
    () => 2,
  );
  if (method === USER_AND_PASSWORD && request.user !== undefined) {
    const [, status] = await conversation.ask(credentials(request.user), () => 2);
    if (status !== 0) {
      throw conversation.refused('the proxy did not accept the user name and password');
    }
  } else if (method === NO_METHOD_ACCEPTED || method === USER_AND_PASSWORD) {
    throw conversation.refused('the proxy asks for a user name and password');
  } else if (method !== NO_AUTHENTICATION) {
    throw conversation.refused('the proxy wants a kind of authentication that is not known here');
  }
  const [, reply = 1] = await conversation.ask(connectRequest(request.target), replyLength);
  if (reply !== 0) {
    throw conversation.refused(REPLIES[reply] ?? `the proxy answered ${reply}`);
  }
}

interface Conversation {
  /** Sends, and reads an answer whose length can be told from its first bytes. */
  ask(message: Buffer, length: (answer: Buffer) => number | undefined): Promise<Buffer>;
  refused(problem: string): Error;
}

function talkTo(socket: Socket, request: SocksRequest, signal: AbortSignal): Conversation {
  const where = `${nameOf(request.target)} through ${request.proxy}`;
  function garbage(): Error {
    return protocolError(request.proxy, 'it does not speak SOCKS5');
  }
  return {
    async ask(message, length) {
      socket.write(message);
      const answer = await readUntil(socket, signal, {
        isComplete(bytes) {
          const needed = length(bytes);
          return needed !== undefined && bytes.length >= needed ? needed : undefined;
        },
        // A reply with the longest name has 262 bytes.
        limitBytes: 512,
        explain: (error) =>
          connectFailed(where, `${describeSocketError(error)} while asking for a tunnel`, error),
        tooLong: garbage,
      });
      // The sub-negotiation of RFC 1929 answers with its own version, 1.
      if (answer[0] !== VERSION && answer[0] !== 1) {
        socket.destroy();
        throw garbage();
      }
      return answer;
    },
    refused(problem) {
      socket.destroy();
      return connectFailed(where, problem);
    },
  };
}

function credentials(user: { readonly name: string; readonly password: string }): Buffer {
  const name = Buffer.from(user.name, 'utf8').subarray(0, 255);
  const password = Buffer.from(user.password, 'utf8').subarray(0, 255);
  return Buffer.concat([
    Buffer.from([1, name.length]),
    name,
    Buffer.from([password.length]),
    password,
  ]);
}

function connectRequest(target: Endpoint): Buffer {
  const port = Buffer.from([target.port >> 8, target.port & 0xff]);
  const head = Buffer.from([VERSION, 1, 0]);
  if (isIP(target.host) === 0) {
    const name = Buffer.from(target.host, 'ascii').subarray(0, 255);
    return Buffer.concat([head, Buffer.from([3, name.length]), name, port]);
  }
  const address = parseAddress(target.host) ?? [];
  return Buffer.concat([head, Buffer.from([address.length === 4 ? 1 : 4, ...address]), port]);
}

/** Version, reply, reserved, kind of address, address, port. */
function replyLength(answer: Buffer): number | undefined {
  const kind = answer[3];
  if (kind === 3) {
    const nameLength = answer[4];
    return nameLength === undefined ? undefined : 5 + nameLength + 2;
  }
  return kind === undefined ? undefined : 4 + (kind === 4 ? 16 : 4) + 2;
}
