import { createSocket } from 'node:dgram';

/** What the resolver says of a name. */
export type Reply =
  | { readonly a?: string; readonly aaaa?: string }
  | 'nxdomain'
  | 'servfail'
  | 'refused'
  | 'empty'
  | 'silent';

const CODES = { nxdomain: 3, servfail: 2, refused: 5, empty: 0 };
const A = 1;
const AAAA = 28;

export interface DnsServer {
  readonly address: string;
  set(name: string, reply: Reply): void;
  close(): Promise<void>;
}

/** A resolver over UDP; names that it was not told do not exist. */
export async function startDnsServer(address: string): Promise<DnsServer> {
  const names = new Map<string, Reply>();
  const socket = createSocket('udp4');
  socket.on('message', (message, client) => {
    const { name, type, end } = readQuestion(message);
    const reply = names.get(name) ?? 'nxdomain';
    if (reply === 'silent') return;
    socket.send(answer(message.subarray(0, end), type, reply), client.port, client.address);
  });
  await new Promise<void>((resolve) => {
    socket.bind(53, address, resolve);
  });
  return {
    address,
    set: (name, reply) => {
      names.set(name.toLowerCase(), reply);
    },
    close: async () =>
      new Promise((resolve) => {
        socket.close(() => {
          resolve();
        });
      }),
  };
}

function readQuestion(message: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (;;) {
    const length = message[at] ?? 0;
    at += 1;
    if (length === 0) break;
    labels.push(message.toString('latin1', at, at + length));
    at += length;
  }
  return { name: labels.join('.').toLowerCase(), type: message.readUInt16BE(at), end: at + 4 };
}

function answer(question: Buffer, type: number, reply: Exclude<Reply, 'silent'>): Buffer {
  const head = Buffer.from(question);
  const data = typeof reply === 'string' ? undefined : dataOf(reply, type);
  head.writeUInt16BE(0x8180 | (typeof reply === 'string' ? CODES[reply] : 0), 2);
  head.writeUInt16BE(data === undefined ? 0 : 1, 6);
  head.writeUInt32BE(0, 8);
  if (data === undefined) return head;
  const record = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 30, 0, data.length]);
  return Buffer.concat([head, record, data]);
}

function dataOf(reply: { a?: string; aaaa?: string }, type: number): Buffer | undefined {
  if (type === A && reply.a !== undefined) return Buffer.from(reply.a.split('.').map(Number));
  if (type !== AAAA || reply.aaaa === undefined) return undefined;
  // Written in full: eight groups.
  return Buffer.from(
    reply.aaaa
      .split(':')
      .map((group) => group.padStart(4, '0'))
      .join(''),
    'hex',
  );
}
