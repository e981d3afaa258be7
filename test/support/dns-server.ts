import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** What the resolver does with every question. */
export interface DnsBehaviour {
  /** IPv4 addresses by name; other names do not exist. */
  readonly names?: Readonly<Record<string, readonly string[]>>;
  /** Answered to every question: 2 is SERVFAIL, 5 is REFUSED. */
  readonly code?: number;
  /** Never answers over this. */
  readonly silent?: readonly ('udp' | 'tcp')[];
  /** Answers over UDP say that they are cut. */
  readonly truncates?: boolean;
  /** Every other question over UDP for an IPv4 address gets no answer. */
  readonly loses?: boolean;
  /** Answers nobody asked for come first. */
  readonly forges?: boolean;
}

export interface DnsServer {
  readonly host: string;
  readonly port: number;
  /** `udp A proxy.test`, in the order they came. */
  readonly asked: readonly string[];
  behave(behaviour: DnsBehaviour): void;
}

const NXDOMAIN = 3;

/** A resolver on loopback, over UDP and TCP on one port, that ends with the test. */
export async function startDnsServer(
  test: TestContext,
  first: DnsBehaviour = {},
): Promise<DnsServer> {
  let behaviour = first;
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  function answer(question: Buffer, transport: 'udp' | 'tcp'): Buffer | undefined {
    const { name, type, end } = readQuestion(question);
    asked.push(`${transport} ${type === 28 ? 'AAAA' : 'A'} ${name}`);
    if (behaviour.silent?.includes(transport) === true) return undefined;
    const turn = asked.filter((one) => one === asked.at(-1)).length;
    if (behaviour.loses === true && transport === 'udp' && type === 1 && turn % 2 === 1) {
      return undefined;
    }
    const addresses = behaviour.names?.[name];
    const code = behaviour.code ?? (addresses === undefined ? NXDOMAIN : 0);
    const cut = transport === 'udp' && behaviour.truncates === true;
    const told = code === 0 && type === 1 && !cut ? (addresses ?? []) : [];
    const header = Buffer.alloc(12);
    question.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8180 | code | (cut ? 0x0200 : 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(told.length, 6);
    return Buffer.concat([header, question.subarray(12, end), ...told.map(record)]);
  }
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (bytes: Buffer) => {
      const reply = answer(bytes.subarray(2), 'tcp');
      if (reply === undefined) return;
      const length = Buffer.alloc(2);
      length.writeUInt16BE(reply.length);
      // In two pieces, as networks do.
      socket.write(length);
      socket.write(reply);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const datagrams = createSocket('udp4');
  datagrams.on('message', (bytes, from) => {
    const reply = answer(bytes, 'udp');
    if (reply === undefined) return;
    if (behaviour.forges === true) {
      const forged = Buffer.from(reply);
      forged.writeUInt16BE((forged.readUInt16BE(0) + 1) % 65_536, 0);
      datagrams.send(forged, from.port, from.address);
    }
    datagrams.send(reply, from.port, from.address);
  });
  await new Promise<void>((resolve) => {
    datagrams.bind(port, '127.0.0.1', resolve);
  });
  test.after(async () => {
    for (const socket of sockets) socket.destroy();
    await Promise.all([
      new Promise<void>((resolve) => {
        datagrams.close(resolve);
      }),
      new Promise((resolve) => server.close(resolve)),
    ]);
  });
  return {
    host: '127.0.0.1',
    port,
    asked,
    behave(next) {
      behaviour = next;
    },
  };
}

function readQuestion(message: Buffer): {
  readonly name: string;
  readonly type: number;
  readonly end: number;
} {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), type: message.readUInt16BE(at + 1), end: at + 5 };
}

function record(address: string): Buffer {
  // A pointer to the name in the question, type A, class IN, 60 s, four bytes.
  const head = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4]);
  return Buffer.concat([head, Buffer.from(address.split('.').map(Number))]);
}
