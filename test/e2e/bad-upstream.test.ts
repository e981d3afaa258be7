import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import type { Fault } from '../../src/drills/index.ts';
import { readAnswer } from '../support/read-answer.ts';
import type { Received } from '../support/read-answer.ts';
import { startCofferdam } from '../support/start-cofferdam.ts';
import { startOrigin } from '../support/start-origin.ts';

const SMALL = { path: 'm.test/small', version: 'v1.0.0', zipBytes: 30_000 };
const LARGE = { path: 'm.test/large', version: 'v1.0.0', zipBytes: 5_000_000 };

/** What an upstream can send that must never be stored nor reach a client complete. */
const CASES: readonly {
  readonly name: string;
  readonly fault: Fault;
  readonly files: readonly string[];
}[] = [
  { name: 'a web page with 200', fault: { kind: 'html' }, files: ['info', 'mod', 'zip'] },
  {
    name: 'a body cut below its Content-Length',
    fault: { kind: 'cut', afterBytes: 20, framing: 'length' },
    files: ['info', 'mod', 'zip'],
  },
  {
    name: 'a chunked body without its end',
    fault: { kind: 'cut', afterBytes: 20, framing: 'chunked' },
    files: ['info', 'mod', 'zip'],
  },
  {
    name: 'a cut body without a length',
    fault: { kind: 'cut', afterBytes: 20, framing: 'none' },
    files: ['info', 'zip'],
  },
  {
    name: 'a zip cut late without a length',
    fault: { kind: 'cut', afterBytes: 29_000, framing: 'none' },
    files: ['zip'],
  },
  {
    name: 'a flipped byte in the end of the zip',
    fault: { kind: 'flip', offset: -20 },
    files: ['zip'],
  },
  {
    name: 'a flipped byte in the central directory',
    fault: { kind: 'flip', offset: -82 },
    files: ['zip'],
  },
  {
    name: 'a flipped byte in stored data',
    fault: { kind: 'flip', offset: 20_000 },
    files: ['zip'],
  },
  { name: 'a zip with a wrong prefix', fault: { kind: 'wrong-prefix' }, files: ['zip'] },
  {
    name: 'an honest zip bomb',
    fault: { kind: 'zip-bomb', unpackedBytes: 600 << 20, honest: true },
    files: ['zip'],
  },
  {
    name: 'a lying zip bomb',
    fault: { kind: 'zip-bomb', unpackedBytes: 64 << 20, honest: false },
    files: ['zip'],
  },
  {
    name: 'a .info of another version',
    fault: { kind: 'wrong-info', version: 'v7.0.0' },
    files: ['info'],
  },
  { name: 'a zip with a content coding', fault: { kind: 'gzip' }, files: ['zip'] },
];

/** What a known failure may take (a tenth of it, by the waits of these tests), on a busy machine. */
const PATIENCE = 30_000;

async function storedFiles(store: string): Promise<string[]> {
  const names = await readdir(`${store}/modules`, { recursive: true });
  return names.filter((name) => /\.(?:info|mod|zip)$/u.test(name));
}

function isIncomplete(answer: Received): boolean {
  return answer.status >= 500 || answer.broken;
}

for (const module of [SMALL, LARGE]) {
  for (const { name, fault, files } of CASES) {
    test(`${name} is neither stored nor served complete (${module.zipBytes} bytes)`, async (context) => {
      const origin = await startOrigin(context, { modules: [module], faults: [{ fault }] });
      // What is fetched ahead may be stored: a fault does not concern each of a version's files.
      const cofferdam = await startCofferdam(context, { upstream: origin.url, lookAhead: false });
      for (const file of files) {
        const url = `${cofferdam.address}/${module.path}/@v/${module.version}.${file}`;
        const answer = await readAnswer(url, {}, PATIENCE);
        assert.ok(isIncomplete(answer), `${file}: ${answer.status} complete`);
        if (answer.status >= 500) {
          assert.match(answer.body.toString(), /cofferdam: trace [0-9a-f]{32}\n$/u);
        }
      }
      await cofferdam.stop(1000);
      assert.deepEqual(await storedFiles(cofferdam.store), []);
    });
  }
}

test('a redirect to something that is not http is a failure, not an absence', async (context) => {
  const origin = await startOrigin(context, {
    modules: [SMALL],
    faults: [{ fault: { kind: 'redirect', to: 'ftp://127.0.0.1/x.zip' } }],
  });
  const cofferdam = await startCofferdam(context, { upstream: origin.url });
  const answer = await readAnswer(
    `${cofferdam.address}/${SMALL.path}/@v/${SMALL.version}.zip`,
    {},
    PATIENCE,
  );
  assert.equal(answer.status, 502);
});

test('after a comma a wrong body ends the walk, after a pipe the next upstream is asked', async (context) => {
  const bad = await startOrigin(context, {
    modules: [SMALL],
    faults: [{ fault: { kind: 'html' } }],
  });
  const good = await startOrigin(context, { modules: [SMALL] });
  const path = `/${SMALL.path}/@v/${SMALL.version}.zip`;
  const comma = await startCofferdam(context, { upstream: `${bad.url},${good.url}` });
  assert.equal((await readAnswer(comma.address + path, {}, PATIENCE)).status, 502);
  const pipe = await startCofferdam(context, { upstream: `${bad.url}|${good.url}` });
  const answer = await readAnswer(pipe.address + path, {}, PATIENCE);
  assert.equal(answer.status, 200);
  assert.equal(answer.body.length, SMALL.zipBytes);
});
