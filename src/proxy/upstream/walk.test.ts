import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { createTestClock } from '../../../test/support/test-clock.ts';
import { createTestMeter } from '../../../test/support/test-meter.ts';
import { createDiskFiles, createQuietLogger } from '../../platform/adapters.ts';
import { ProgramError } from '../../platform/index.ts';
import type { HttpClient, HttpResponse } from '../../platform/http/index.ts';
import { HEALTH_SETTINGS, createHealthRegister } from '../health/index.ts';
import { WALK_LIMITS } from '../proxy-limits.ts';
import { failed } from './answer.ts';
import type { Found } from './answer.ts';
import { parseUpstreamList } from './upstream-list.ts';
import { walkUpstreams } from './walk.ts';
import type { Accept, WalkAnswer } from './walk-answer.ts';

const KEY = 'm.test/x/@v/v1.0.0.mod';

/** A status, a trouble, or several in the order of asking. */
type Behaviour = number | string | readonly (number | string)[];

interface Walked {
  readonly answer: WalkAnswer<string>;
  /** Names of the hosts that were asked, in order. */
  readonly asked: readonly string[];
  readonly counted: readonly string[];
  readonly via: readonly string[];
  /** L0 to L4, at the end. */
  readonly level: string;
}

/** A 404 whose text breaks off. */
const BROKEN_ABSENCE = '404, broken';

function respond(what: number | string, host: string): HttpResponse {
  if (what === BROKEN_ABSENCE) {
    return { ...respond(404, host), body: breakOff() };
  }
  if (typeof what === 'string') {
    const kind = what === 'http-timeout' ? 'timeout' : 'unavailable';
    throw new ProgramError({ code: what, kind, message: `${host}: ${what}` });
  }
  async function* body(): AsyncGenerator<Buffer> {
    yield Buffer.from(`${what} of ${host}`);
  }
  return {
    status: what,
    headers: what === 503 ? { 'retry-after': '7' } : {},
    finalUrl: '',
    body: body(),
    encoded: false,
    discard: () => undefined,
  };
}

async function* breakOff(): AsyncGenerator<Buffer> {
  yield Buffer.from('404 o');
  throw new ProgramError({ code: 'http-broken', kind: 'unavailable', message: 'broke off' });
}

async function read(found: Found): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of found.body) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

async function walk(
  list: string,
  hosts: Readonly<Record<string, Behaviour>>,
  settings: {
    readonly attempts?: number;
    readonly advance?: number;
    readonly accept?: Accept<string>;
  } = {},
): Promise<Walked> {
  const asked: string[] = [];
  const counted: string[] = [];
  const via: string[] = [];
  const http: HttpClient = {
    request: async ({ url, headers }) => {
      const { host, pathname } = new URL(url);
      assert.equal(pathname, `/${KEY}`);
      const behaviour = hosts[host] ?? 404;
      const turn = asked.filter((one) => one === host).length;
      asked.push(host);
      via.push(headers?.['via'] ?? '');
      return respond(typeof behaviour === 'object' ? (behaviour[turn] ?? 404) : behaviour, host);
    },
    close: async () => undefined,
  };
  const clock = createTestClock();
  const random = { fraction: () => 0.5, bytes: (count: number) => Buffer.alloc(count) };
  const watching = { clock, random, meter: createTestMeter(), logger: createQuietLogger() };
  const health = createHealthRegister(watching, HEALTH_SETTINGS);
  health.configure(parseUpstreamList(list).entries.map(({ name }) => name));
  const walking = walkUpstreams(
    {
      http,
      clock,
      files: createDiskFiles(),
      random,
      health,
      count: (_upstream, outcome) => counted.push(outcome),
    },
    {
      ...WALK_LIMITS,
      attempts: settings.attempts ?? 1,
      contentAttempts: settings.attempts ?? 1,
      via: '1.1 us',
    },
    parseUpstreamList(list),
    { key: KEY, signal: new AbortController().signal, via: '1.1 them' },
    settings.accept ?? read,
  );
  await clock.advance(settings.advance ?? 100_000);
  const answer = await walking;
  return { answer, asked, counted, via, level: health.level() };
}

/** `found TEXT`, `absent TEXT` or `failed` with the statuses or kinds in order. */
function summarize({ answer, asked }: Walked): string {
  const hosts = asked.join(' ');
  if (answer.outcome === 'found') return `${hosts}: found ${answer.result}`;
  if (answer.outcome === 'absent') return `${hosts}: absent ${answer.absent.body.toString()}`;
  return `${hosts}: failed ${answer.failures.map((one) => one.status ?? one.kind).join(' ')}`;
}

// Reference 1.7, P-61 to P-64.
test('walkUpstreams() moves on after a comma for absence only, after a pipe for any failure', async () => {
  const cases: readonly (readonly [string, Readonly<Record<string, Behaviour>>, string])[] = [
    ['https://a,https://b', { a: 200 }, 'a: found 200 of a'],
    ['https://a,https://b', { a: 404, b: 200 }, 'a b: found 200 of b'],
    ['https://a,https://b', { a: 410, b: 200 }, 'a b: found 200 of b'],
    ['https://a|https://b', { a: 404, b: 200 }, 'a b: found 200 of b'],
    ['https://a,https://b', { a: 502, b: 200 }, 'a: failed 502'],
    ['https://a|https://b', { a: 502, b: 200 }, 'a b: found 200 of b'],
    ['https://a,https://b', { a: 403, b: 200 }, 'a: failed 403'],
    ['https://a|https://b', { a: 403, b: 200 }, 'a b: found 200 of b'],
    ['https://a,https://b', { a: 'http-connect-failed', b: 200 }, 'a: failed unavailable'],
    ['https://a|https://b', { a: 'http-connect-failed', b: 200 }, 'a b: found 200 of b'],
    ['https://a|https://b', { a: 'http-timeout', b: 200 }, 'a b: found 200 of b'],
    // A failure weighs more than an absence, whichever came first.
    ['https://a|https://b', { a: 502, b: 404 }, 'a b: failed 502'],
    ['https://a,https://b', { a: 404, b: 502 }, 'a b: failed 502'],
    ['https://a|https://b', { a: 502, b: 503 }, 'a b: failed 502 503'],
    // Of several absences the last is told.
    ['https://a,https://b', { a: 404, b: 410 }, 'a b: absent 410 of b'],
    ['https://a,https://b', { a: 410, b: 404 }, 'a b: absent 404 of b'],
    ['https://a,https://b|https://c', { a: 404, b: 500, c: 200 }, 'a b c: found 200 of c'],
    ['https://a|https://b,https://c', { a: 500, b: 500, c: 200 }, 'a b: failed 500 500'],
    ['off', {}, ': failed '],
    ['https://a,off,https://b', { a: 404 }, 'a: absent 404 of a'],
  ];
  for (const [list, hosts, expected] of cases) {
    assert.equal(summarize(await walk(list, hosts)), expected, `${list} ${JSON.stringify(hosts)}`);
  }
});

test('walkUpstreams() tries again after trouble that may pass, a bounded number of times', async () => {
  const healed = await walk('https://a', { a: [502, 'http-connect-failed', 200] }, { attempts: 3 });
  assert.equal(summarize(healed), 'a a a: found 200 of a');
  assert.deepEqual(healed.counted, ['502', 'retry', 'unavailable', 'retry', '200']);
  const dead = await walk('https://a', { a: [500, 500, 500, 200] }, { attempts: 3 });
  assert.equal(summarize(dead), 'a a a: failed 500');
  for (const lasting of [401, 403, 501, 'http-tls-failed', 'offline'] as const) {
    const { asked } = await walk('https://a', { a: lasting }, { attempts: 3 });
    assert.deepEqual(asked, ['a'], String(lasting));
  }
});

test('walkUpstreams() counts content that cannot be true as a failure of its upstream', async () => {
  async function accept(found: Found): Promise<string | ReturnType<typeof failed>> {
    return found.upstream === 'https://a'
      ? failed('https://a', { kind: 'invalid', reason: 'zip-malformed', message: 'bad' })
      : 'good';
  }
  const hosts = { a: 200, b: 200 };
  assert.equal(summarize(await walk('https://a|https://b', hosts, { accept })), 'a b: found good');
  assert.equal(
    summarize(await walk('https://a,https://b', hosts, { accept })),
    'a: failed invalid',
  );
});

test('walkUpstreams() takes wrong bytes for bad health, but not a module that somebody vouches against', async () => {
  const wrong = failed('a', {
    kind: 'invalid',
    reason: 'zip-malformed',
    message: 'the zip is cut off',
  });
  const vouched = { ...wrong, finding: 'module-hash-mismatch' };
  for (const [failure, level] of [
    [wrong, 'L2'],
    [vouched, 'L0'],
  ] as const) {
    const settings = { attempts: 10, accept: async () => failure, advance: 19_000 };
    const walked = await walk('https://a', { a: Array.from({ length: 10 }, () => 200) }, settings);
    assert.equal(walked.asked.length, 10);
    assert.equal(walked.level, level);
  }
});

test('walkUpstreams() names itself after those before it, and hands on Retry-After', async () => {
  const { answer, via } = await walk('https://a', { a: 503 });
  assert.deepEqual(via, ['1.1 them, 1.1 us']);
  assert.ok(answer.outcome === 'failed');
  assert.equal(answer.failures[0]?.retryAfterSeconds, 7);
});

test('walkUpstreams() asks again when the text of an absence breaks off, and takes half of it at the end', async () => {
  const again = await walk('https://a', { a: [BROKEN_ABSENCE, 404] }, { attempts: 3 });
  assert.equal(summarize(again), 'a a: absent 404 of a');
  assert.equal(again.answer.outcome === 'absent' && again.answer.absent.certain, true);
  const found = await walk('https://a', { a: [BROKEN_ABSENCE, 200] }, { attempts: 3 });
  assert.equal(summarize(found), 'a a: found 200 of a');
  const always = [BROKEN_ABSENCE, BROKEN_ABSENCE, BROKEN_ABSENCE];
  const half = await walk('https://a,https://b', { a: always }, { attempts: 3 });
  assert.equal(summarize(half), 'a a a b: absent 404 of b');
  assert.equal(half.answer.outcome === 'absent' && half.answer.absent.certain, false);
  const last = await walk('https://a', { a: [BROKEN_ABSENCE, 503] }, { attempts: 2 });
  assert.equal(summarize(last), 'a a: failed 503');
});

test('walkUpstreams() reads a tree of files as an upstream', async (context) => {
  const folder = await temporaryFolder(context);
  const absent = await walk(`file://${folder}`, {}, { advance: 0 });
  assert.equal(absent.answer.outcome, 'absent');
  const file = join(folder, KEY);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, 'module m.test/x\n');
  const found = await walk(`file://${folder}`, {}, { advance: 0 });
  assert.equal(summarize(found), ': found module m.test/x\n');
});
