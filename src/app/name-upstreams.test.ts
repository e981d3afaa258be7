import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../finding/index.ts';
import { nameUpstreams } from './name-upstreams.ts';

const ADDRESS = 'http://127.0.0.1:4711';
const BASE = `${ADDRESS}/-/run/${'0'.repeat(32)}`;

const finding: Finding = {
  code: 'version-unknown',
  title: 'no such version',
  explanation: 'It concerns 127.0.0.1:4711.',
  severity: 'error',
  confidence: 0.9,
  evidence: [{ kind: 'log', text: `reading ${BASE}/m.test/@v/v1.0.0.info: 404 Not Found` }],
  fix: { text: `ask ${BASE}`, command: `curl ${BASE}/m.test/@v/list`, edits: [] },
  dependsOn: [],
  checked: 'not-checked',
};

test('nameUpstreams() puts the list of the user in the place of the engine, without passwords', () => {
  const named = nameUpstreams(finding, {
    address: ADDRESS,
    upstream: 'https://user:secret@mirror.test/go',
  });
  assert.equal(named.explanation, 'It concerns mirror.test.');
  assert.equal(
    named.evidence[0]?.text,
    'reading https://mirror.test/go/m.test/@v/v1.0.0.info: 404 Not Found',
  );
  assert.equal(named.fix?.command, 'curl https://mirror.test/go/m.test/@v/list');
  const two = nameUpstreams(finding, { address: ADDRESS, upstream: 'https://a.test|file:///srv' });
  assert.match(
    two.evidence[0]?.text ?? '',
    /^reading \{https:\/\/a\.test,file:\/\/\/srv\}\/m\.test/u,
  );
  assert.match(
    nameUpstreams(finding, undefined).fix?.text ?? '',
    /^ask http:\/\/127\.0\.0\.1:4711$/u,
  );
});
