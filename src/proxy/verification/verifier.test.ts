import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createQuietLogger } from '../../platform/adapters.ts';
import { createTestMeter } from '../../../test/support/test-meter.ts';
import type { ArtifactSight } from '../facts/index.ts';
import { createExpectedHashes } from './expected-hashes.ts';
import type { BookAnswer } from './record-book.ts';
import { createVerificationReports } from './verification-findings.ts';
import { createVerifier } from './verifier.ts';
import type { Judgement } from './verifier.ts';

const ARTIFACT = { key: 'k', path: 'a.test/x', version: 'v1.0.0', kind: 'zip' } as const;
const RIGHT = 'h1:right';
const LIE = 'h1:lie';

interface World {
  readonly answer?: BookAnswer;
  readonly sight?: ArtifactSight;
  /** What the store has beside what it remembers. */
  readonly taken?: boolean;
  /** What go.sum has; RIGHT where nothing is said. */
  readonly expected?: string;
}

function sightOf(h1: string, isVerified = false): ArtifactSight {
  return { h1, upstream: 'first.test', seenMilliseconds: 0, isVerified };
}

function record(hash: string): BookAnswer {
  return { kind: 'record', hashes: { mod: hash, zip: hash }, database: 'sums.test' };
}

/** How these bytes are judged, and which upstreams went into quarantine. */
async function judge(
  world: World,
  h1: string | undefined,
): Promise<{ readonly judged: Judgement; readonly quarantined: readonly string[] }> {
  const { answer = { kind: 'absent' }, sight, taken = false, expected = RIGHT } = world;
  const quarantined: string[] = [];
  const verifier = createVerifier(
    {
      records: {
        find: async () => answer,
        soon: async () => answer,
        isAnswering: () => true,
        close: () => undefined,
      },
      quarantine: {
        reason: () => undefined,
        put: (upstream) => quarantined.push(upstream),
        release: () => undefined,
        ready: Promise.resolve(),
      },
      reports: createVerificationReports({ logger: createQuietLogger(), meter: createTestMeter() }),
      recallSight: async () => sight,
      recallExpected: createExpectedHashes([{ ...ARTIFACT, hash: expected, place: 'go.sum:7' }]),
      isTaken: async () => taken,
    },
    { noLookupPatterns: '', requireVerification: false },
  );
  const judged = await verifier.begin(ARTIFACT).judge(h1, 'up.test');
  return { judged, quarantined };
}

const SILENT: BookAnswer = { kind: 'unavailable', problem: 'silent' };

for (const [what, world, kept] of [
  ['the first sight where nobody else speaks', {}, 'first-seen'],
  ['what was seen before', { sight: sightOf(RIGHT) }, 'first-seen'],
  ['what a record has', { answer: record(RIGHT), expected: LIE }, 'verified'],
] as const) {
  test(`bytes that are ${what} are kept as such, whatever go.sum adds`, async () => {
    const { judged } = await judge(world, RIGHT);
    assert.deepEqual(judged, { kind: 'verified', state: kept });
  });
}

for (const [what, world] of [
  ['another first sight', { sight: sightOf(LIE) }],
  ['something that nobody remembers', { taken: true }],
  ['something pending', { answer: SILENT, taken: true }],
] as const) {
  test(`what go.sum has is chosen and not kept where the store has ${what}`, async () => {
    const { judged } = await judge(world, RIGHT);
    assert.deepEqual(judged, { kind: 'chosen' });
  });
}

test('what go.sum has is still pending while no database answers', async () => {
  assert.deepEqual((await judge({ answer: SILENT }, RIGHT)).judged, { kind: 'pending' });
});

for (const [what, world, h1] of [
  ['other bytes', {}, LIE],
  ['bytes without a hash', {}, undefined],
  ['the very bytes of a wrong first sight', { sight: sightOf(LIE) }, LIE],
  ['other bytes while no database answers', { answer: SILENT }, LIE],
] as const) {
  test(`${what} than go.sum has are refused, without a quarantine that others would feel`, async () => {
    const { judged, quarantined } = await judge(world, h1);
    assert.ok(judged.kind === 'refused');
    assert.deepEqual([judged.finding, judged.isUpstreamsFault], ['go-sum-mismatch', true]);
    assert.match(judged.problem, /^up\.test sent .*, but go\.sum:7 has h1:right/u);
    assert.deepEqual(quarantined, []);
  });
}

test('what a database vouched for once is not overruled by go.sum', async () => {
  const sight = sightOf(LIE, true);
  const { judged } = await judge({ sight }, RIGHT);
  assert.equal(judged.kind === 'refused' && judged.finding, 'module-changed');
  assert.equal((await judge({ sight }, LIE)).judged.kind, 'verified');
});

test('bytes that a record contradicts are refused even where go.sum has them', async () => {
  const { judged, quarantined } = await judge({ answer: record(LIE) }, RIGHT);
  assert.equal(judged.kind === 'refused' && judged.finding, 'module-hash-mismatch');
  assert.deepEqual(quarantined, ['up.test']);
});

test('a database that contradicts itself lets nothing new in, go.sum or not', async () => {
  const answer = {
    kind: 'contradicted',
    finding: 'checksum-record-foreign',
    problem: 'it lies',
  } as const;
  const { judged } = await judge({ answer }, RIGHT);
  assert.equal(judged.kind === 'refused' && judged.finding, 'checksum-database-contradicted');
});

test('createExpectedHashes() takes the first of two lines that contradict each other', () => {
  const recall = createExpectedHashes([
    { ...ARTIFACT, hash: RIGHT, place: 'go.sum:1' },
    { ...ARTIFACT, hash: LIE, place: 'go.sum:2' },
  ]);
  assert.equal(recall(ARTIFACT)?.hash, RIGHT);
  assert.equal(recall({ ...ARTIFACT, kind: 'mod' }), undefined);
  assert.equal(recall({ ...ARTIFACT, version: 'v1.0.1' }), undefined);
});
