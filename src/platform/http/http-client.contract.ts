import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { failsWith, gone, readText, requestFor } from '../../../test/support/http-requests.ts';
import { startCannedServer, startHttpServer } from '../../../test/support/http-servers.ts';
import type { HttpClient } from './http-client.ts';

type Make = (context: TestContext) => HttpClient;

/** What every adapter of the port HttpClient that reaches servers must do. */
export function httpClientContract(name: string, make: Make): void {
  answersContract(name, make);
  bodiesContract(name, make);
  timeLimitsContract(name, make);
  stepsContract(name, make);
  redirectsContract(name, make);
}

function stepsContract(name: string, make: Make): void {
  test(`${name}: an observer is told how long each step took, and none that was left out`, async (context) => {
    const server = await startHttpServer(context, (_request, response) => response.end('text'));
    const client = make(context);
    const url = server.url.replace('127.0.0.1', 'localhost');
    async function stepsOf(): Promise<readonly string[]> {
      const steps: string[] = [];
      const observe = (step: string, milliseconds: number): void => {
        assert.ok(milliseconds >= 0 && milliseconds < 5_000);
        steps.push(step);
      };
      assert.equal(await readText(await client.request(requestFor(url, { observe }))), 'text');
      return steps;
    }
    assert.deepEqual(await stepsOf(), ['dns', 'connect', 'first-byte', 'transfer']);
    assert.deepEqual(await stepsOf(), ['first-byte', 'transfer']);
  });
}

function answersContract(name: string, make: Make): void {
  test(`${name}: a POST carries its body, and its redirect is the answer`, async (context) => {
    const server = await startHttpServer(context, (request, response) => {
      response.writeHead(request.url === '/moved' ? 302 : 200, { location: '/elsewhere' });
      request.pipe(response);
    });
    const client = make(context);
    for (const [path, status] of [
      ['/', 200],
      ['/moved', 302],
    ] as const) {
      const body = Buffer.from('{"x":1}');
      const response = await client.request(
        requestFor(`${server.url}${path}`, { method: 'POST', body }),
      );
      assert.equal(response.status, status);
      assert.equal(await readText(response), '{"x":1}');
    }
  });

  test(`${name}: every status resolves, with its headers joined under lower-case names`, async (context) => {
    const server = await startHttpServer(context, (request, response) => {
      const status = Number(request.url?.slice(1));
      response.writeHead(
        status,
        [
          ['X-One', '1'],
          ['x-two', 'a'],
          ['X-Two', 'b'],
        ].flat(),
      );
      response.end('text');
    });
    const client = make(context);
    for (const status of [200, 206, 300, 304, 400, 401, 404, 410, 500, 503]) {
      const response = await client.request(requestFor(`${server.url}/${status}`));
      assert.equal(response.status, status);
      assert.equal(response.headers['x-one'], '1');
      assert.equal(response.headers['x-two'], 'a, b');
      assert.equal(response.encoded, false);
      assert.equal(await readText(response), status === 304 ? '' : 'text');
    }
  });

  test(`${name}: HEAD gives the headers and an empty body`, async (context) => {
    const server = await startHttpServer(context, (request, response) => {
      response.setHeader('content-length', 1_000_000);
      response.end(request.method === 'HEAD' ? undefined : Buffer.alloc(1_000_000));
    });
    const client = make(context);
    const response = await client.request(requestFor(server.url, { method: 'HEAD' }));
    assert.equal(response.headers['content-length'], '1000000');
    assert.equal(await readText(response), '');
  });

  test(`${name}: the request line, Host and headers are as asked, and nothing asks for an encoding`, async (context) => {
    const server = await startHttpServer(context, (request, response) => {
      response.end(JSON.stringify([request.url, request.headers]));
    });
    const client = make(context);
    const url = `${server.url}/github.com/!azure/x/@v/v1.0.0%2Bincompatible.info?go-get=1#part`;
    const response = await client.request(
      requestFor(url, { headers: { 'disable-module-fetch': 'true' } }),
    );
    const [path, headers] = JSON.parse(await readText(response)) as [
      string,
      Record<string, string>,
    ];
    assert.equal(path, '/github.com/!azure/x/@v/v1.0.0%2Bincompatible.info?go-get=1');
    assert.equal(headers['host'], `127.0.0.1:${server.port}`);
    assert.equal(headers['disable-module-fetch'], 'true');
    assert.match(headers['user-agent'] ?? '', /^cofferdam\//);
    assert.equal(headers['accept-encoding'], undefined);
    assert.equal(
      response.finalUrl,
      `${server.url}/github.com/!azure/x/@v/v1.0.0%2Bincompatible.info`,
    );
  });

  test(`${name}: what cannot be asked for is refused at once, without its secrets`, async (context) => {
    const client = make(context);
    const refused = [
      '',
      'nonsense',
      '/path',
      'file:///etc/passwd',
      'ftp://host/',
      'http://',
      'http://user:secret@127.0.0.1/',
    ];
    for (const url of refused) {
      await assert.rejects(client.request(requestFor(url)), failsWith('http-request-refused'));
    }
    const headers = { authorization: 'Bearer secret\r\nx: y' };
    const server = await startHttpServer(context, (_request, response) => response.end());
    await assert.rejects(
      client.request(requestFor(server.url, { headers })),
      failsWith('http-request-refused', 'header'),
    );
  });

  test(`${name}: a place that refuses connections is named, without the query`, async (context) => {
    const client = make(context);
    const closed = await startHttpServer(context, () => undefined);
    const unused = closed.port === 1 ? 2 : 1;
    const query = '/?token=secret';
    await assert.rejects(
      client.request(requestFor(`http://127.0.0.1:${unused}${query}`)),
      failsWith('http-connect-failed', `127.0.0.1:${unused}`, 'refused'),
    );
  });

  test(`${name}: answers that break the protocol are errors, not answers`, async (context) => {
    const client = make(context);
    const broken = [
      'nonsense\r\n\r\n',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n',
      'HTTP/1.1 200 OK\r\nBad Name: x\r\n\r\n',
      'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n',
      `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(200_000)}\r\n\r\n`,
    ];
    for (const text of broken) {
      const server = await startCannedServer(context, text, 'stall');
      await assert.rejects(
        client.request(requestFor(server.url)),
        failsWith('http-protocol-error', `127.0.0.1:${server.port}`),
        text.slice(0, 90),
      );
    }
  });
}

function bodiesContract(name: string, make: Make): void {
  test(`${name}: bodies of every framing come byte for byte`, async (context) => {
    const bytes = Buffer.alloc(3_000_000, 'The quick brown fox. ');
    const server = await startHttpServer(context, (request, response) => {
      if (request.url === '/length') response.setHeader('content-length', bytes.length);
      if (request.url === '/close') response.useChunkedEncodingByDefault = false;
      response.end(bytes);
    });
    const client = make(context);
    for (const path of ['/length', '/chunked', '/close']) {
      const response = await client.request(requestFor(server.url + path));
      const pieces: Buffer[] = [];
      for await (const piece of response.body) pieces.push(piece);
      assert.ok(Buffer.concat(pieces).equals(bytes), path);
      response.discard();
    }
  });

  test(`${name}: a body that ends early throws after what came`, async (context) => {
    const client = make(context);
    const cut = [
      ['HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345', 'end'],
      ['HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10\r\n\r\n12345', 'end'],
      ['HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345', 'reset'],
      ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n', 'end'],
      [
        'HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n',
        'end',
      ],
      ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n5\r\n12', 'reset'],
      ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\nzz\r\n', 'stall'],
    ] as const;
    for (const [text, afterwards] of cut) {
      const server = await startCannedServer(context, text, afterwards);
      const response = await client.request(requestFor(`${server.url}/?token=secret`));
      await assert.rejects(
        readText(response),
        failsWith('http-body-cut', `127.0.0.1:${server.port}`),
        `${text} ${afterwards}`,
      );
    }
  });

  test(`${name}: a body can be read once, and never after discard()`, async (context) => {
    const server = await startHttpServer(context, (_request, response) => response.end('text'));
    const client = make(context);
    const once = await client.request(requestFor(server.url));
    assert.equal(await readText(once), 'text');
    await assert.rejects(readText(once), failsWith('http-body-used'));
    const discarded = await client.request(requestFor(server.url));
    discarded.discard();
    discarded.discard();
    await assert.rejects(readText(discarded), failsWith('http-body-cut'));
  });

  test(`${name}: discard() by another hand makes the reader fail, never end`, async (context) => {
    const server = await startHttpServer(context, (_request, response) => {
      response.write('beginning');
    });
    const client = make(context);
    const response = await client.request(requestFor(server.url));
    const reading = readText(response);
    setTimeout(() => response.discard(), 20);
    await assert.rejects(reading, failsWith('http-body-cut'));
  });
}

function timeLimitsContract(name: string, make: Make): void {
  test(`${name}: headers that do not come, and bodies that stall, time out and say so`, async (context) => {
    const client = make(context);
    const mute = await startCannedServer(context, '', 'stall');
    await assert.rejects(
      client.request(requestFor(`${mute.url}/?token=secret`, { headersMilliseconds: 50 })),
      failsWith('http-timeout', '50 ms', 'waiting for the headers', `127.0.0.1:${mute.port}`),
    );
    const stalling = await startCannedServer(
      context,
      'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345',
      'stall',
    );
    const response = await client.request(requestFor(stalling.url, { idleMilliseconds: 50 }));
    await assert.rejects(
      readText(response),
      failsWith('http-timeout', '50 ms', 'reading the body'),
    );
    await gone(() => mute.open() + stalling.open());
  });

  test(`${name}: a reader that takes its time does not time the server out`, async (context) => {
    const server = await startHttpServer(context, (_request, response) => {
      response.end(Buffer.alloc(2_000_000));
    });
    const client = make(context);
    const response = await client.request(requestFor(server.url, { idleMilliseconds: 40 }));
    let bytes = 0;
    for await (const piece of response.body) {
      if (bytes === 0) await new Promise((resolve) => setTimeout(resolve, 120));
      bytes += piece.length;
    }
    assert.equal(bytes, 2_000_000);
  });

  test(`${name}: aborting breaks the request at any time, with the signal's reason`, async (context) => {
    const client = make(context);
    const reason = new Error('no longer wanted');
    const mute = await startCannedServer(context, '', 'stall');
    await assert.rejects(
      client.request(requestFor(mute.url, { signal: AbortSignal.abort(reason) })),
      reason,
    );
    const beforeHeaders = new AbortController();
    setTimeout(() => beforeHeaders.abort(reason), 20);
    await assert.rejects(
      client.request(requestFor(mute.url, { signal: beforeHeaders.signal })),
      reason,
    );
    const server = await startHttpServer(context, (_request, response) => {
      response.write('beginning');
    });
    const inBody = new AbortController();
    const response = await client.request(requestFor(server.url, { signal: inBody.signal }));
    setTimeout(() => inBody.abort(reason), 20);
    await assert.rejects(readText(response), reason);
    await gone(() => mute.open() + server.open());
  });
}

function redirectsContract(name: string, make: Make): void {
  test(`${name}: 301, 302, 303, 307 and 308 are followed, for HEAD as HEAD`, async (context) => {
    const server = await startHttpServer(context, (request, response) => {
      const status = Number(request.url?.slice(1));
      if (status > 300) response.writeHead(status, { location: '/200?x=1' }).end('moved');
      else response.end(request.method);
    });
    const client = make(context);
    for (const status of [301, 302, 303, 307, 308]) {
      const response = await client.request(requestFor(`${server.url}/${status}`));
      assert.equal(response.finalUrl, `${server.url}/200`);
      assert.equal(await readText(response), 'GET');
    }
    const head = await client.request(requestFor(`${server.url}/302`, { method: 'HEAD' }));
    assert.equal(head.status, 200);
  });

  test(`${name}: credentials stay on their host, and a Referer is never sent`, async (context) => {
    const seen: (readonly [string | undefined, string | undefined, string | undefined])[] = [];
    const other = await startHttpServer(context, (request, response) => {
      seen.push([request.headers.authorization, request.headers.referer, request.headers.cookie]);
      if (request.url === '/back') response.writeHead(302, { location: `${server.url}/end` });
      response.end();
    });
    const server = await startHttpServer(context, (request, response) => {
      seen.push([request.headers.authorization, request.headers.referer, request.headers.cookie]);
      const elsewhere = `http://localhost:${other.port}/back`;
      if (request.url !== '/end') {
        response.writeHead(302, { location: request.url === '/start' ? '/next' : elsewhere });
      }
      response.end();
    });
    const client = make(context);
    const headers = { authorization: 'Bearer secret', cookie: 'a=b' };
    const response = await client.request(requestFor(`${server.url}/start`, { headers }));
    await readText(response);
    const kept = ['Bearer secret', undefined, 'a=b'];
    const dropped = [undefined, undefined, undefined];
    assert.deepEqual(seen, [kept, kept, dropped, dropped]);
  });

  test(`${name}: redirects that lead nowhere sensible are refused`, async (context) => {
    const server = await startHttpServer(context, (request, response) => {
      const location = decodeURIComponent(request.url?.slice(2) ?? '');
      response.writeHead(302, location === '' ? {} : { location }).end();
    });
    const client = make(context);
    const refused = [
      '',
      'file:///etc/passwd',
      'ftp://127.0.0.1/',
      'http://[',
      'http://user:secret@127.0.0.1/',
      '?',
    ];
    for (const location of refused) {
      const url =
        location === '?' ? `${server.url}/?%3F` : `${server.url}/?${encodeURIComponent(location)}`;
      await assert.rejects(
        client.request(requestFor(url)),
        failsWith('http-redirect-refused', `127.0.0.1:${server.port}`),
        location,
      );
    }
  });

  test(`${name}: where a redirect leads to a place that is not there, who sent it is told`, async (context) => {
    const server = await startHttpServer(context, (_, response) => {
      response.writeHead(302, { location: 'http://127.0.0.1:1/login' }).end();
    });
    const asked = `127.0.0.1:${server.port}`;
    await assert.rejects(
      make(context).request(requestFor(server.url)),
      failsWith('http-connect-failed', `a redirect from ${asked} leads nowhere`, '127.0.0.1:1:'),
    );
  });

  test(`${name}: ten redirects are followed, the eleventh is not`, async (context) => {
    const server = await startHttpServer(context, (request, response) => {
      const left = Number(request.url?.slice(1));
      if (left > 0) response.writeHead(302, { location: `/${left - 1}` });
      response.end();
    });
    const client = make(context);
    assert.equal((await client.request(requestFor(`${server.url}/10`))).status, 200);
    await assert.rejects(
      client.request(requestFor(`${server.url}/11`)),
      failsWith('http-redirect-refused', '10'),
    );
  });
}
