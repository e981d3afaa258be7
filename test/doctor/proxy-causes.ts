import { startDatabase } from '../support/checksum-database.ts';
import { startCannedServer, startHttpServer } from '../support/http-servers.ts';
import { startOrigin } from '../support/start-origin.ts';
import { MODULE } from './planted-cause.ts';
import type { Cause } from './planted-cause.ts';

type Rule = Parameters<Awaited<ReturnType<typeof startOrigin>>['setFaults']>[0][number];

function fault(cause: string, code: string, rule: Rule): Cause {
  return {
    cause,
    code,
    async plant(t) {
      const modules = [{ ...MODULE, zipBytes: 3000 }];
      const origin = await startOrigin(t, { modules, faults: [rule] });
      return { environment: { GOPROXY: origin.url, GOSUMDB: 'off' } };
    },
  };
}

function status(cause: string, code: string, number: number): Cause {
  return fault(cause, code, { fault: { kind: 'status', status: number } });
}

function database(cause: string, code: string, number: number, body: string): Cause {
  return {
    cause,
    code,
    async plant(t) {
      const { origin, key } = await startDatabase(t, 3);
      const server = await startHttpServer(t, (_request, response) => {
        response.writeHead(number).end(body);
      });
      return { environment: { GOPROXY: origin.url, GOSUMDB: `${key} ${server.url}` } };
    },
  };
}

export const proxyCauses: readonly Cause[] = [
  fault('a captive portal', 'proxy-bad-gomod', { fault: { kind: 'html' } }),
  status('a proxy that wants credentials', 'proxy-unauthorized', 401),
  status('a proxy that forbids', 'proxy-forbidden', 403),
  status('a proxy that has had enough', 'proxy-rate-limited', 429),
  status('a proxy with a bug', 'proxy-5xx', 500),
  status('a gateway without its server', 'proxy-5xx', 502),
  status('a proxy that is overloaded', 'proxy-5xx', 503),
  status('a teapot', 'proxy-bad-request', 418),
  fault('another text than a go.mod', 'proxy-bad-gomod', {
    fault: { kind: 'replace', body: 'hello' },
  }),
  fault('an .info of another version', 'proxy-wrong-version', {
    kinds: ['info'],
    fault: { kind: 'wrong-info', version: 'v9.9.9' },
  }),
  fault('an .info that is no JSON', 'proxy-non-json', {
    kinds: ['info'],
    fault: { kind: 'replace', body: 'hello' },
  }),
  fault('a directory listing in place of a list', 'proxy-bad-content', {
    kinds: ['list'],
    fault: { kind: 'replace', body: 'Index of /\n' },
  }),
  fault('bodies that end early', 'download-truncated', {
    fault: { kind: 'cut', afterBytes: 3, framing: 'length' },
  }),
  fault('zips that end early', 'download-truncated', {
    kinds: ['zip'],
    fault: { kind: 'cut', afterBytes: 500, framing: 'length' },
  }),
  fault('zips that a filter refuses', 'proxy-zip-storage-blocked', {
    kinds: ['zip'],
    fault: { kind: 'status', status: 403 },
  }),
  fault('too many requests for zips', 'proxy-rate-limited', {
    kinds: ['zip'],
    fault: { kind: 'status', status: 429 },
  }),
  fault('zips that are pages', 'zip-not-valid', { kinds: ['zip'], fault: { kind: 'html' } }),
  fault('connections that are reset', 'tcp-connection-reset', { fault: { kind: 'reset' } }),
  fault('a proxy that never answers', 'net-hang', { fault: { kind: 'stall' } }),
  {
    cause: 'a module that no proxy has',
    code: 'proxy-not-found',
    plant: async (t) => ({
      environment: { GOPROXY: (await startOrigin(t, {})).url, GOSUMDB: 'off' },
    }),
  },
  {
    cause: 'a directory of modules that is not mounted',
    code: 'proxy-file-missing',
    plant: () => ({ environment: { GOPROXY: 'file:///nowhere/modules', GOSUMDB: 'off' } }),
  },
  {
    cause: 'an ssh server in place of a proxy',
    code: 'http-garbage',
    plant: async (t) => ({
      environment: {
        GOPROXY: (await startCannedServer(t, 'SSH-2.0-OpenSSH_9.6\r\n')).url,
        GOSUMDB: 'off',
      },
    }),
  },
  {
    cause: 'a load balancer without servers',
    code: 'conn-eof',
    plant: async (t) => ({
      environment: { GOPROXY: (await startCannedServer(t, '')).url, GOSUMDB: 'off' },
    }),
  },
  {
    cause: 'a log-in page of the network',
    code: 'redirect-problem',
    async plant(t) {
      const portal = await startHttpServer(t, (_request, response) => response.end('<html>'));
      const proxy = await startHttpServer(t, (_request, response) => {
        response.writeHead(302, { location: portal.url }).end();
      });
      return { environment: { GOPROXY: proxy.url, GOSUMDB: 'off' } };
    },
  },
  {
    cause: 'a clock that is years ahead',
    code: 'tls-clock-skew',
    async plant(t) {
      const proxy = await startHttpServer(t, (_request, response) => {
        response.writeHead(404, { date: 'Tue, 04 Jan 2022 10:00:00 GMT' }).end('not found');
      });
      return { environment: { GOPROXY: `${proxy.url},direct`, GOSUMDB: 'off' } };
    },
  },
  database('a database that fails', 'sumdb-5xx', 503, 'try later'),
  database('a page in place of a database', 'sumdb-bad-record', 200, '<html>'),
  database('a filter in place of a database', 'sumdb-bad-record', 403, 'no'),
  {
    cause: 'a database that nobody can reach',
    code: 'sumdb-unreachable',
    async plant(t) {
      const { origin, key } = await startDatabase(t, 3);
      return { environment: { GOPROXY: origin.url, GOSUMDB: `${key} http://127.0.0.1:1` } };
    },
  },
  {
    cause: 'a module that the database does not know',
    code: 'sumdb-not-found',
    async plant(t) {
      const { key, origin, name } = await startDatabase(t, 3);
      const other = await startOrigin(t, {
        modules: [{ path: 'x.test/x', version: 'v1.0.0', zipBytes: 2000 }],
      });
      return {
        files: { 'go.mod': 'module example.test/main\n\ngo 1.21\n\nrequire x.test/x v1.0.0\n' },
        environment: { GOPROXY: other.url, GOSUMDB: `${key} ${origin.url}/sumdb/${name}` },
      };
    },
  },
];
