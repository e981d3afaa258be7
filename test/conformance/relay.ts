import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { isLegalProxyPath } from './legal-path.ts';
import { breakInside, sufferBefore, type RelayFault, type RelayFaults } from './relay-faults.ts';

export interface Relay {
  /** GOPROXY base, with the prefix. */
  readonly url: string;
  readonly counts: { readonly forwarded: number; readonly refused: number };
  /** What was refused, as evidence; only the first few hundred. */
  readonly refusedPaths: ReadonlySet<string>;
  stop(): Promise<void>;
}

export interface RelaySettings {
  readonly upstream: string;
  /** Only legal GOPROXY paths come through; everything else is 404. */
  readonly strict: boolean;
  /** What goes wrong on the way; nothing when left out. */
  readonly faults?: RelayFaults;
}

/** Some scripts expect their fixture's own path prefix in the URLs of error messages. */
export const pathPrefix = '/mod';

const maximumRefusedPaths = 500;
/** The fixture answers from memory; a script gives up much later. */
const upstreamTimeoutMilliseconds = 60_000;

/** A proxy that adds and keeps nothing: strict, it is the yardstick; lenient, it only mounts a server below a path. */
export async function startRelay({ upstream, strict, faults }: RelaySettings): Promise<Relay> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const counts = { forwarded: 0, refused: 0 };
  const refusedPaths = new Set<string>();
  const server = createServer((incoming, answer) => {
    const target = incoming.url ?? '';
    const method = incoming.method ?? '';
    const path = target.startsWith(`${pathPrefix}/`) ? target.slice(pathPrefix.length) : undefined;
    if (method !== 'GET' || path === undefined || (strict && !isLegalProxyPath(path))) {
      counts.refused += 1;
      if (refusedPaths.size < maximumRefusedPaths) refusedPaths.add(`${method} ${target}`);
      incoming.resume();
      answer
        .writeHead(404, { 'content-type': 'text/plain; charset=utf-8' })
        .end('404 page not found\n');
      return;
    }
    counts.forwarded += 1;
    const kind = faults?.next(path);
    void sufferBefore(kind, answer).then((mayPass) => {
      if (mayPass) forward(`${upstream}${path}`, agent, answer, kind);
    });
  });
  // Longer than the client keeps an idle connection, so that it never writes on one that we just closed.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The relay has no port.');
  return {
    url: `http://127.0.0.1:${address.port}${pathPrefix}`,
    counts,
    refusedPaths,
    stop() {
      agent.destroy();
      server.closeAllConnections();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

function forward(
  url: string,
  agent: Agent,
  answer: ServerResponse,
  fault: RelayFault['kind'] | undefined,
): void {
  const outgoing = request(
    url,
    { agent, timeout: upstreamTimeoutMilliseconds },
    (response: IncomingMessage) => {
      const headers: Record<string, string> = {};
      for (const name of ['content-type', 'content-length', 'location'] as const) {
        const value = response.headers[name];
        if (value !== undefined) headers[name] = value;
      }
      answer.writeHead(response.statusCode ?? 502, headers);
      response.once('error', () => answer.destroy());
      if (fault === 'reset' || fault === 'cut') void readThenBreak(response, answer, fault);
      else response.pipe(answer);
    },
  );
  outgoing.once('timeout', () =>
    outgoing.destroy(new Error('The server behind the relay does not answer.')),
  );
  outgoing.once('error', (error) => {
    if (answer.headersSent) answer.destroy();
    else
      answer
        .writeHead(502, { 'content-type': 'text/plain; charset=utf-8' })
        .end(`relay: ${error.message}\n`);
  });
  answer.once('close', () => outgoing.destroy());
  outgoing.end();
}

async function readThenBreak(
  response: IncomingMessage,
  answer: ServerResponse,
  fault: 'reset' | 'cut',
): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of response as AsyncIterable<Buffer>) pieces.push(piece);
  const body = Buffer.concat(pieces);
  // An empty body has no middle.
  if (body.length === 0) answer.end();
  else await breakInside(fault, answer, body);
}
