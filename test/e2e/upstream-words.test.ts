import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import type { RequestListener } from 'node:http';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createAuthority } from '../support/certificates.ts';
import { startHttpServer } from '../support/http-servers.ts';
import { readAnswer } from '../support/read-answer.ts';
import { startCofferdam } from '../support/start-cofferdam.ts';
import { startProgram } from '../support/start-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const INFO = '/m.test/x/@v/v1.0.0.info';
const TEXT = { 'content-type': 'text/plain; charset=utf-8' };
/** Not one retry, and no body that is waited for; most of it is for a busy machine. */
const AT_ONCE = 3000;

interface Told {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | undefined;
  /** Of the record. */
  readonly cause: string;
  readonly milliseconds: number;
  /** The upstream. */
  readonly url: string;
  readonly asked: number;
}

function hostOf({ url }: { readonly url: string }): string {
  return new URL(url).host;
}

async function causeOf(address: string): Promise<string> {
  const answer = await readAnswer(`${address}/-/api/v1/requests?limit=1`);
  const { requests } = JSON.parse(answer.body.toString()) as { requests: { cause?: string }[] };
  return requests[0]?.cause ?? '';
}

/** What a client of Cofferdam is told when its only upstream answers so. */
async function tell(context: TestContext, listener: RequestListener): Promise<Told> {
  let asked = 0;
  const upstream = await startHttpServer(context, (request, response) => {
    if (request.url === INFO) asked += 1;
    listener(request, response);
  });
  const cofferdam = await startCofferdam(context, { upstream: upstream.url });
  const started = performance.now();
  const answer = await readAnswer(cofferdam.address + INFO, {}, 30_000);
  const milliseconds = performance.now() - started;
  const text = answer.body.toString();
  const lines = text.split('\n').slice(0, -1);
  assert.ok(lines.length <= 8 && lines.every((line) => line !== ''), text);
  assert.ok(answer.body.length <= 641, text);
  assert.match(lines.at(-1) ?? '', /^cofferdam: trace [0-9a-f]{32}$/u);
  assert.doesNotMatch(text.replaceAll('\n', ''), /\p{C}/u);
  const cause = await causeOf(cofferdam.address);
  assert.doesNotMatch(cause, /\p{C}/u);
  const retryAfter = answer.headers['retry-after'];
  await cofferdam.stop(1000);
  return { status: answer.status, text, retryAfter, cause, milliseconds, url: upstream.url, asked };
}

test('a refusal is told with its own words, marked, in the answer and in the record', async (context) => {
  const told = await tell(context, (_request, response) => {
    response
      .writeHead(403, TEXT)
      .end('m.test/x is blocked: CVE-2026-1234\nask security@corp.test\n');
  });
  assert.equal(told.status, 502);
  const said = `${hostOf(told)} said: `;
  assert.deepEqual(told.text.split('\n').slice(0, 3), [
    `m.test/x@v1.0.0 (.info) could not be fetched: ${told.url} answered 403 Forbidden`,
    `${said}m.test/x is blocked: CVE-2026-1234`,
    `${said}ask security@corp.test`,
  ]);
  assert.match(told.text, /a policy, a missing right or a block .* asking again does not help/u);
  assert.ok(
    told.cause.endsWith(`${said}m.test/x is blocked: CVE-2026-1234 / ask security@corp.test`),
  );
  assert.equal(told.asked, 1);
});

test('each status is told with its own next step, and only what may pass is asked again', async (context) => {
  const cases = [
    { status: 400, answer: 502, step: /refuses this request itself.*asking again does not help/u },
    {
      status: 401,
      answer: 502,
      step: /wants credentials, which are sent over https only.*asking again does not help/u,
    },
    { status: 403, answer: 502, step: /forbids it.*asking again does not help/u },
    { status: 407, answer: 502, step: /a forward proxy.*HTTP_PROXY.*asking again does not help/u },
    { status: 429, answer: 503, step: /limits how often it is asked: try again in 2 s/u },
    { status: 451, answer: 502, step: /legal reasons.*asking again does not help/u },
    { status: 500, answer: 502, step: /try again in a while; if it stays so, ask whoever runs/u },
    { status: 503, answer: 503, step: /try again in 2 s; if it stays so, ask whoever runs/u },
  ];
  for (const { status, answer, step } of cases) {
    const isLater = answer === 503;
    const told = await tell(context, (_request, response) => {
      response.writeHead(status, { ...TEXT, ...(isLater ? { 'retry-after': '2' } : {}) });
      response.end(`because of ${status}\n`);
    });
    assert.equal(told.status, answer, told.text);
    assert.match(told.text, step);
    assert.match(told.text, new RegExp(`said: because of ${status}\n`, 'u'));
    assert.equal(told.retryAfter, isLater ? '2' : undefined);
    assert.equal(told.asked > 1, [429, 500, 503].includes(status), `${status}: ${told.asked}`);
  }
});

test('a text that never ends holds nobody up', async (context) => {
  const endless: readonly (readonly [string, RequestListener])[] = [
    [
      'blocked by policy',
      (_request, response) => {
        response.writeHead(403, TEXT).write('blocked by policy\n');
      },
    ],
    [
      '',
      (_request, response) => {
        response.writeHead(403, TEXT).flushHeaders();
      },
    ],
    [
      'blocked by drops',
      (_request, response) => {
        response.writeHead(403, TEXT).write('blocked by drops\n');
        const timer = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(timer));
      },
    ],
    [
      'x',
      (_request, response) => {
        response.writeHead(403, TEXT);
        const more = (): void => {
          while (!response.destroyed && response.write('x'.repeat(65_536)));
          response.once('drain', more);
        };
        more();
      },
    ],
  ];
  for (const [words, listener] of endless) {
    const told = await tell(context, listener);
    assert.match(told.text, /answered 403 Forbidden/u);
    assert.equal(told.text.includes(` said: ${words}`), words !== '', told.text);
    assert.ok(told.milliseconds < AT_ONCE, `${told.milliseconds} ms`);
  }
});

test('a megabyte of text, escape sequences and web pages are cut to what can be shown', async (context) => {
  const long = await tell(context, (_request, response) => {
    response.writeHead(400, TEXT).end('no such thing here '.repeat(1 << 16));
  });
  assert.match(long.text, /said: no such thing here no such/u);
  assert.ok(Buffer.byteLength(long.cause) < 1000, long.cause);
  const coloured = await tell(context, (_request, response) => {
    response
      .writeHead(403, TEXT)
      .end('\u001b[2J\u001b[31mno\u001b[0m \u001b]0;owned\u0007entry\u0000\r\n');
  });
  assert.match(coloured.text, /said: no entry\n/u);
  const page = await tell(context, (_request, response) => {
    response.writeHead(403, { 'content-type': 'text/html' });
    response.end('<html><head><title>Web filter</title></head><body><p>category: games</p></html>');
  });
  assert.match(page.text, /said: Web filter\n/u);
  assert.doesNotMatch(page.text, /category/u);
  const json = await tell(context, (_request, response) => {
    response.writeHead(403, { 'content-type': 'application/json' }).end('{"message":"no"}');
  });
  assert.doesNotMatch(json.text, /said:/u);
});

test('after a redirect the host that answered is named, and its words are its own', async (context) => {
  const storage = await startHttpServer(context, (_request, response) => {
    response.writeHead(403, TEXT).end('not from this network\n');
  });
  const told = await tell(context, (_request, response) => {
    response.writeHead(302, { location: `${storage.url}/blob?signature=s3cret` }).end();
  });
  const [first = '', second] = told.text.split('\n');
  assert.ok(
    first.endsWith(`${storage.url}, where ${told.url} redirects to, answered 403 Forbidden`),
  );
  assert.equal(second, `${hostOf(storage)} said: not from this network`);
  assert.ok(
    told.text.includes(`\n${hostOf(storage)} must be allowed too, as ${told.url} leads there`),
  );
  assert.doesNotMatch(told.text + told.cause, /s3cret/u);
});

test('credentials that an upstream repeats are hidden in the answer, the log and the record', async (context) => {
  const folder = await temporaryFolder(context);
  const authority = await createAuthority(folder, 'Words');
  const upstream = await startHttpServer(
    context,
    (request, response) => {
      const { authorization = '' } = request.headers;
      const [, token = ''] = authorization.split(' ');
      const pair = Buffer.from(token, 'base64').toString();
      response.writeHead(401, TEXT);
      response.end(`alice is unknown\n${authorization}\n${pair}\nhttps://${pair}@h.test/x\n`);
    },
    await authority.issue(['IP:127.0.0.1']),
  );
  const list = upstream.url.replace('://', '://alice:open%2Fsesame@');
  const serve = await startProgram(
    context,
    ['--store', `${folder}/store`, '--upstream', list, '--sumdb', 'off', '--log-level', 'debug'],
    { SSL_CERT_FILE: authority.file, NETRC: `${folder}/none` },
  );
  let log = '';
  serve.child.stderr?.on('data', (piece: Buffer) => (log += piece.toString()));
  const answer = await readAnswer(serve.address + INFO, {}, 30_000);
  const text = answer.body.toString();
  assert.match(text, /said: alice is unknown\n/u);
  assert.match(text, /said: Basic \[hidden\]\n/u);
  assert.match(text, /must set or renew them \(netrc or GOAUTH\)/u);
  const cause = await causeOf(serve.address);
  await serve.stop();
  assert.match(cause, /alice is unknown/u);
  assert.match(log, /said: alice is unknown/u);
  const token = Buffer.from('alice:open/sesame').toString('base64');
  for (const secret of ['sesame', token]) {
    assert.ok(!(text + cause + log).includes(secret), text + cause + log);
  }
});

test('go prints the words in the terminal', async (context) => {
  const upstream = await startHttpServer(context, (_request, response) => {
    response.writeHead(403, TEXT).end('m.test/x is blocked: CVE-2026-1234\n');
  });
  const cofferdam = await startCofferdam(context, { upstream: upstream.url });
  const folder = await temporaryFolder(context);
  const printed = await new Promise<string>((resolve) => {
    const env = {
      PATH: process.env['PATH'],
      HOME: folder,
      GOPATH: `${folder}/gopath`,
      GOENV: 'off',
      GOFLAGS: '-modcacherw',
      GOTOOLCHAIN: 'local',
      GOSUMDB: 'off',
      GOPROXY: cofferdam.address,
    };
    const words = ['mod', 'download', 'm.test/x@v1.0.0'];
    execFile('go', words, { cwd: folder, env }, (_error, _stdout, stderr) => resolve(stderr));
  });
  assert.match(printed, /502 Bad Gateway/u);
  assert.match(printed, /said: m\.test\/x is blocked: CVE-2026-1234\n/u);
  assert.match(printed, /asking again does not help\n/u);
});
