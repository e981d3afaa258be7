// Asks one URL at a fixed rate, whether or not answers come, and prints how long they took as JSON:
// a client that waits for each answer before the next request would hide every pause of the server.
//   node bench/open-loop.ts URL RATE SECONDS
import { connect } from 'node:net';
import type { Socket } from 'node:net';

const [address = '', rateText = '1000', secondsText = '5'] = process.argv.slice(2);
const url = new URL(address);
const rate = Number(rateText);
const seconds = Number(secondsText);
/** More than a server that keeps up ever needs at once. */
const CONNECTIONS = 64;
/** Compilers and caches warm up outside the measure. */
const WARM_UP_SECONDS = 1;

const request = Buffer.from(`GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`);
const latencies: number[] = [];
const idle: Client[] = [];
const due: number[] = [];

interface Client {
  readonly socket: Socket;
  /** When its request was due. */
  since: number;
  /** What came of the answer so far. */
  received: Buffer;
}

function open(): Client {
  const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
  const client: Client = { socket, since: 0, received: Buffer.alloc(0) };
  socket.on('connect', () => idle.push(client));
  socket.on('data', (piece: Buffer) => {
    client.received =
      client.received.length === 0 ? piece : Buffer.concat([client.received, piece]);
    const end = client.received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = client.received.toString('latin1', 0, end);
    if (!head.startsWith('HTTP/1.1 200')) throw new Error(head);
    const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1]);
    if (client.received.length < end + 4 + length) return;
    client.received = Buffer.alloc(0);
    latencies.push(performance.now() - client.since);
    idle.push(client);
    sendDue();
  });
  return client;
}

function sendDue(): void {
  while (due.length > 0 && idle.length > 0) {
    const client = idle.pop();
    const since = due.shift();
    if (client === undefined || since === undefined) return;
    client.since = since;
    client.socket.write(request);
  }
}

const clients = Array.from({ length: CONNECTIONS }, open);
const begun = performance.now();
let scheduled = 0;
let isWarm = false;

function tick(): void {
  const now = performance.now();
  if (!isWarm && now - begun > WARM_UP_SECONDS * 1000) {
    isWarm = true;
    latencies.length = 0;
  }
  if (now - begun > (seconds + WARM_UP_SECONDS) * 1000) {
    report();
    return;
  }
  for (; scheduled < ((now - begun) / 1000) * rate; scheduled++) {
    due.push(begun + (scheduled / rate) * 1000);
  }
  sendDue();
  setImmediate(tick);
}

function report(): void {
  for (const { socket } of clients) socket.destroy();
  // Who never got an answer waited until now at least.
  const end = performance.now();
  for (const since of due) latencies.push(end - since);
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  process.stdout.write(
    `${JSON.stringify({ count: sorted.length, p50: at(0.5), p99: at(0.99), maximum: sorted.at(-1) })}\n`,
  );
}

tick();
