import { createSecureServer } from 'node:http2';
import type { Http2Session, ServerHttp2Stream } from 'node:http2';
import type { Scenario } from '../scenario.ts';
import { LOGIN_PAGE, makeAnswers, moduleProxy, send } from '../world/module-proxy.ts';
import type { LabModule } from '../world/module-files.ts';
import { makeModule } from '../world/module-files.ts';
import type { World } from '../world/world.ts';
import { DOWNLOAD } from './common.ts';
import { anyProxy, asking } from './network.ts';

function only({ names }: World): LabModule[] {
  return [{ path: names.module(0), version: names.version(0) }];
}

type Break = (stream: ServerHttp2Stream, session: Http2Session) => void;

/** A module proxy over HTTP/2 whose zips end badly. */
async function overHttp2(world: World, host: string, breakZip: Break): Promise<void> {
  const pair = await world.certificates.good(host);
  const server = createSecureServer({ ...pair, allowHTTP1: false });
  const answers = makeAnswers(only(world));
  server.on('sessionError', () => undefined);
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    stream.on('error', () => undefined);
    const path = decodeURIComponent(headers[':path'] ?? '');
    const body = answers(path);
    if (path.endsWith('.zip') && stream.session !== undefined) breakZip(stream, stream.session);
    else {
      stream.respond({ ':status': body === undefined ? 404 : 200 });
      stream.end(body ?? 'not found');
    }
  });
  const site = await world.sites.listen(world.address(), 443, server);
  world.dns.set(host, { a: site.address });
}

/** Without the end of the body that node would send first. */
function breakOff(stream: ServerHttp2Stream, code: number): void {
  Object.assign(stream, { end: () => stream });
  stream.close(code);
}

function http2(
  id: string,
  name: string,
  evidence: RegExp,
  breakZip: (world: World) => Break,
): Scenario {
  return {
    id,
    name,
    plant: async (world) => {
      const host = anyProxy(world);
      await overHttp2(world, host, breakZip(world));
      return asking(world.names, host, evidence, {
        command: world.names.pick([DOWNLOAD, 'go build -mod=mod ./...', 'go vet -mod=mod ./...']),
      });
    },
  };
}

function cut(kinds: readonly string[], bytes: number): Scenario['plant'] {
  return async (inner) => {
    const host = anyProxy(inner);
    const made = makeModule(only(inner)[0] as LabModule);
    await inner.web(
      host,
      moduleProxy(only(inner), (path, request, response) => {
        if (!kinds.some((kind) => path.endsWith(kind))) return false;
        response.writeHead(200, { 'content-length': made.zip.length + 40_000 });
        response.write(made.zip.subarray(0, bytes), () => request.socket.end());
        return true;
      }),
    );
    return asking(inner.names, host, /(?:read "\S+": |Get "\S+": |: )unexpected EOF/u, {
      command: inner.names.pick([DOWNLOAD, 'go build -mod=mod ./...']),
    });
  };
}

export const transfer: readonly Scenario[] = [
  http2(
    'http2-stream-error',
    'internal-error',
    /stream error: stream ID \d+; INTERNAL_ERROR.*/u,
    () => (stream) => {
      stream.respond({ ':status': 200 });
      stream.write('PK');
      setTimeout(() => breakOff(stream, 2), 30);
    },
  ),
  http2(
    'http2-stream-error',
    'other-codes',
    /stream error: stream ID \d+; (?:PROTOCOL_ERROR|ENHANCE_YOUR_CALM|CANCEL|FLOW_CONTROL_ERROR).*/u,
    ({ names }) => {
      const code = names.pick([1, 11, 3]);
      return (stream) => {
        stream.respond({ ':status': 200 });
        stream.write('PK');
        setTimeout(() => breakOff(stream, code), 30);
      };
    },
  ),
  http2(
    'http2-goaway',
    'connection-closed',
    /http2: server sent GOAWAY and closed the connection.*/u,
    ({ names }) => {
      const code = names.pick([0, 2, 11]);
      return (stream, session) => {
        stream.respond({ ':status': 200 });
        stream.write('PK');
        setTimeout(() => {
          session.goaway(code, stream.id ?? 1);
          setTimeout(() => session.socket.destroy(), 30);
        }, 30);
      };
    },
  ),
  { id: 'download-truncated', name: 'zip', plant: cut(['.zip'], 100) },
  { id: 'download-truncated', name: 'mod', plant: cut(['.mod'], 20) },
  {
    id: 'redirect-problem',
    name: 'round-and-round',
    plant: async (world) => {
      const host = anyProxy(world);
      await world.web(host, (request, response) => {
        response.writeHead(302, { location: request.url ?? '/' }).end();
      });
      return asking(world.names, host, /stopped after 10 redirects/u);
    },
  },
  {
    id: 'redirect-problem',
    name: 'to-a-log-in-page',
    plant: async (world) => {
      const host = world.names.host('proxy');
      const login = `${world.names.pick(['login', 'sso'])}.${world.names.domain}`;
      await world.web(login, (_, response) => send(response, 403, LOGIN_PAGE, 'text/html'));
      await world.web(host, (_, response) => {
        response.writeHead(302, { location: `http://${login}/auth?next=go` }).end();
      });
      return asking(
        world.names,
        host,
        /(?:redirected from secure URL \S+ to insecure URL \S+|Get "https?:\/\/(?:login|sso)\S+.*)/u,
        { target: login },
      );
    },
  },
];
