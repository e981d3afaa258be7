import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codes } from '../codes.ts';
import { finding } from '../probe.ts';
import { failureTexts } from './failure-texts.ts';
import { judgeStatus } from './judge-proxy.ts';
import { brokenRewrite, judgeRemote } from './judge-repositories.ts';

const SECRET = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';

test('of what is advised about failed requests nothing is hidden', () => {
  for (const code of codes.keys()) {
    const { title, explanation, fix } = failureTexts(code, 'proxy.test');
    const told = finding(code, { scope: 'machine', title, explanation, evidence: [], fix });
    assert.deepEqual([told.title, told.explanation, told.fix?.text], [title, explanation, fix]);
  }
});

test('the line of a netrc file is told whole', () => {
  const url = 'https://proxy.test/m/@v/list';
  const told = judgeStatus(
    { url, scope: 'proxy.test', isNeeded: true },
    {
      kind: 'answer',
      url,
      status: 401,
      headers: {},
      text: '',
      content: Buffer.alloc(0),
      bytes: 0,
      finalUrl: url,
      milliseconds: {},
      total: 1,
      receivedAt: 0,
    },
  );
  assert.equal(told?.code, 'proxy-unauthorized');
  assert.match(told.fix?.text ?? '', /^put "machine proxy\.test" into the netrc file/);
  assert.doesNotMatch(told.fix?.text ?? '', /hidden/);
});

test('addresses over ssh keep the user that everybody has, and others lose theirs', () => {
  const rewrite = brokenRewrite('url.ssh://git@git.test:team/.insteadof https://git.test/team/');
  assert.equal(rewrite?.fix?.text, 'write it as git@host: or as ssh://git@host/');
  const result = { code: 128, stdout: '', stderr: 'connection refused', isTooLate: false };
  assert.equal(
    judgeRemote('git.test/m', 'ssh://git@git.test/m', result)?.fix?.command,
    'git ls-remote ssh://git@git.test/m HEAD',
  );
  const other = judgeRemote('git.test/m', `https://me:${SECRET}@git.test/m`, result);
  assert.equal(other?.fix?.command, 'git ls-remote https://git.test/m HEAD');
  assert.equal(JSON.stringify(other).includes(SECRET), false);
});

test('a secret in advice is hidden all the same', () => {
  const fix = `write https://me:${SECRET}@proxy.test, or token=${SECRET}`;
  const told = finding('proxy-5xx', {
    scope: 'machine',
    title: '',
    explanation: '',
    evidence: [],
    fix,
    command: `curl -u me:${SECRET} https://t:${SECRET}@proxy.test/`,
  });
  assert.equal(JSON.stringify(told).includes(SECRET), false);
});
