import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { FaultRule } from '../../src/drills/index.ts';
import { readAnswer } from '../support/read-answer.ts';
import { startCofferdam } from '../support/start-cofferdam.ts';
import { startOrigin } from '../support/start-origin.ts';

const MODULE = { path: 'm.test/eight', version: 'v1.0.0', zipBytes: 8_000_000 };
const SMALL = { path: 'm.test/small', version: 'v1.0.0', zipBytes: 300_000 };
const PATIENCE = 40_000;

interface Case {
  readonly name: string;
  readonly rules: readonly FaultRule[];
  /** Requests for the zip: the first and what heals it. */
  readonly requests: number;
}

const ONCE = { kinds: ['zip'], times: 1 } as const;

const CASES: readonly Case[] = [
  {
    name: 'cut below its Content-Length',
    rules: [{ ...ONCE, fault: { kind: 'cut', afterBytes: 200_000, framing: 'length' } }],
    requests: 2,
  },
  {
    name: 'chunked and cut',
    rules: [{ ...ONCE, fault: { kind: 'cut', afterBytes: 200_000, framing: 'chunked' } }],
    requests: 2,
  },
  {
    name: 'reset',
    rules: [{ ...ONCE, fault: { kind: 'reset', afterBytes: 200_000 } }],
    requests: 2,
  },
  {
    name: 'silent from some byte on',
    rules: [{ ...ONCE, fault: { kind: 'stall', afterBytes: 200_000 } }],
    requests: 2,
  },
];

async function rightZip(url: string): Promise<string> {
  const answer = await readAnswer(url, {}, PATIENCE);
  assert.equal(answer.status, 200);
  return digest(answer.body);
}

function digest(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}

function zipOf(module: typeof MODULE): string {
  return `/${module.path}/@v/${module.version}.zip`;
}

async function metric(address: string, name: string): Promise<number> {
  const { body } = await readAnswer(`${address}/-/metrics`, {}, PATIENCE);
  const line = body
    .toString()
    .split('\n')
    .find((line) => line.startsWith(`${name} `));
  return line === undefined ? 0 : Number(line.slice(name.length + 1));
}

async function follow(
  context: TestContext,
  module: typeof MODULE,
  { rules, requests }: Case,
): Promise<void> {
  const path = zipOf(module);
  const origin = await startOrigin(context, { modules: [module] });
  const right = await rightZip(origin.url + path);
  origin.resetCounts();
  origin.setFaults(rules);
  const cofferdam = await startCofferdam(context, { upstream: origin.url });
  const answers = await Promise.all(
    Array.from({ length: 5 }, async () => readAnswer(cofferdam.address + path, {}, PATIENCE)),
  );
  for (const answer of answers) {
    assert.deepEqual([answer.status, answer.broken], [200, false]);
    assert.equal(digest(answer.body), right);
  }
  assert.equal(origin.counts().paths[path]?.requests, requests);
  const resumed = 'cofferdam_upstream_resumes_total{outcome="continued"}';
  assert.equal(await metric(cofferdam.address, resumed), 1);
}

for (const module of [MODULE, SMALL]) {
  for (const one of CASES) {
    test(`a zip of ${module.zipBytes} bytes that is ${one.name} goes on where it broke off`, async (context) => {
      await follow(context, module, one);
    });
  }
}
