import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogue } from '../failures/index.ts';
import { certainFinding, requestsIn } from './engine-cause.ts';
import { RECORDED_REASONS, failureOfReason } from './failure-of-reason.ts';
import type { FailedRequest } from './failure-of-reason.ts';
import { readFailure } from './read-failure.ts';

const ADDRESS = 'http://127.0.0.1:41000';
const ENGINE = `${ADDRESS}/-/run/${'0a'.repeat(16)}`;
const ZIP = '/a.test/x/@v/v1.0.0.zip';
const ANSWERED = [
  'go: downloading a.test/x v1.0.0',
  `main.go:5:2: a.test/x@v1.0.0: reading ${ENGINE}${ZIP}: 502 Bad Gateway`,
  '\tserver response:',
  '\ta.test/x@v1.0.0 (.zip) could not be fetched: it was not to be',
  '\tgo.corp.test said: it answered 403 Forbidden',
  '\tcofferdam: trace 00000000000000000000000000000001',
  '',
].join('\n');
const BROKEN_OFF = `main.go:5:2: a.test/x@v1.0.0: read "${ENGINE}${ZIP}": unexpected EOF\n`;

type Told = ReturnType<ReturnType<typeof readFailure>['end']>;

function told(log: string, failed: readonly Partial<FailedRequest>[]): Told {
  const upstream = 'https://go.corp.test';
  const failedRequests = (): readonly FailedRequest[] =>
    failed.map((request) => ({
      path: ZIP,
      status: 502,
      reason: 'zip-malformed',
      cause: 'a.test/x@v1.0.0 (.zip) could not be fetched: so it is',
      ...request,
    }));
  const reader = readFailure(() => ({ address: ADDRESS, upstream, failedRequests }));
  reader.write(Buffer.from(log));
  return reader.end();
}

/** Looked at one by one: no failure of the catalogue says what happened. */
const WITHOUT_FAILURE = [
  'answered-otherwise',
  'body-changed',
  'connect-failed',
  'content-too-large',
  'held-down',
  'nobody-to-ask',
  'not-stored',
  'offline',
  'own-failure',
  'purged',
  'zip-content-coded',
];

test('each reason that the engine can record is a failure of the catalogue, or known to be none', () => {
  const ids = new Set(catalogue.map(({ id }) => id));
  const without = RECORDED_REASONS.filter((reason) => failureOfReason(reason) === undefined);
  assert.deepEqual(without.toSorted(), WITHOUT_FAILURE);
  for (const reason of RECORDED_REASONS) {
    const id = failureOfReason(reason);
    assert.ok(id === undefined || ids.has(id), reason);
  }
  assert.equal(failureOfReason('a-reason-of-tomorrow'), undefined);
  assert.equal(failureOfReason('constructor'), undefined);
  assert.equal(failureOfReason(undefined), undefined);
});

test('only what a log complains of is told, in its order, and of several tries the last', () => {
  const one = { status: 502, reason: 'silent', cause: 'a' } as const;
  const list = { ...one, path: '/a.test/x/@v/list' };
  const zip = { ...one, path: ZIP, cause: 'early' };
  const last = { ...zip, cause: 'late' };
  const log = `${BROKEN_OFF}go: reading ${ENGINE}/a.test/x/@v/list: 502 Bad Gateway\n`;
  assert.deepEqual(requestsIn(log, [list, zip, { ...one, path: '/b.test/@v/list' }, last]), [
    last,
    list,
  ]);
});

for (const [reason, id] of [
  ['zip-malformed', 'zip-not-valid'],
  ['zip-damaged', 'zip-checksum-error'],
  ['zip-of-other-files', 'zip-unexpected-file'],
  ['mod-malformed', 'proxy-bad-gomod'],
  ['info-malformed', 'proxy-non-json'],
  ['info-of-other-version', 'proxy-wrong-version'],
  ['body-encoding-broken', 'proxy-bad-content'],
  ['redirect-led-nowhere', 'redirect-problem'],
  ['name-unknown', 'dns-no-such-host'],
  ['answered-403', 'proxy-forbidden'],
] as const) {
  test(`behind the engine: ${reason} is ${id}`, () => {
    const { findings, text } = told(ANSWERED, [{ reason }]);
    assert.equal(findings[0]?.code, id);
    assert.match(text, /asked: https:\/\/go\.corp\.test\/a\.test\/x\/@v\/v1\.0\.0\.zip/u);
    assert.doesNotMatch(text, /\/-\/run\//u);
  });
}

test('the words of the engine decide nothing', () => {
  const cause = 'x could not be fetched: https://u.test answered 403; the connection was refused';
  const { findings } = told(ANSWERED, [{ reason: 'zip-malformed', cause }]);
  assert.equal(findings[0]?.code, 'zip-not-valid');
});

test('a body that was broken off is told by what broke it, with the URL that was asked', () => {
  const cause =
    'a.test/x@v1.0.0 (.zip) could not be fetched: the body from https://go.corp.test stalled: nothing came for 10 s';
  const { findings, text } = told(BROKEN_OFF, [{ status: 200, reason: 'body-stalled', cause }]);
  assert.equal(findings[0]?.code, 'net-hang');
  assert.match(text, /stalled: nothing came for 10 s/u);
  assert.match(text, /https:\/\/go\.corp\.test\/a\.test\/x\/@v\/v1\.0\.0\.zip/u);
});

test('without a failure of the catalogue the engine’s own words stand alone; without any, what go saw', () => {
  const { findings, text, exitCode } = told(ANSWERED, [{ reason: 'held-down' }]);
  assert.deepEqual([findings, text, exitCode], [[], '', undefined]);
  const broken = told(BROKEN_OFF, [{ status: 200, reason: 'body-changed' }]);
  assert.equal(broken.findings[0]?.code, 'download-truncated');
});

test('what is about no engine, or about nothing that failed in ours, is left to the log', () => {
  const elsewhere =
    'go: a.test/x@v1.0.0: reading https://proxy.test/a.test/x/@v/v1.0.0.zip: 502 Bad Gateway\n';
  assert.equal(told(elsewhere, [{}]).findings[0]?.code, 'proxy-5xx');
  const compile = `# a.test/y\ny.go:3:1: undefined: z\n`;
  assert.notEqual(told(compile, [{}]).findings[0]?.code, 'zip-not-valid');
  assert.equal(told(BROKEN_OFF, []).findings[0]?.code, 'download-truncated');
});

test('wrong bytes are never to be tried again', () => {
  for (const reason of RECORDED_REASONS.filter((one) =>
    /mismatch$|^module-changed$|forked$/u.test(one),
  )) {
    const id = failureOfReason(reason);
    if (id !== undefined) assert.equal(certainFinding(id, '', [])?.retry, 'permanent', reason);
  }
});

test('credentials are advised for https, and the address of https where they are never sent', () => {
  const fixOf = (scheme: string): string => {
    const cause = `m.test/x@v1.0.0 (.zip) could not be fetched: ${scheme}://go.corp.test answered 401 Unauthorized`;
    return certainFinding('proxy-unauthorized', cause, [])?.fix?.text ?? '';
  };
  assert.match(fixOf('http'), /^credentials are sent over https only: name the https address/u);
  assert.doesNotMatch(fixOf('https'), /over https only/u);
});
