import assert from 'node:assert/strict';
import { test } from 'node:test';
import { safeText } from './safe-text.ts';

const SECRET = 'Zx9Zx9Zx9Zx9Zx9Zx9Zx9Zx9Zx9Zx9Zx9Zx9';

test('what is a secret by its form, its name or its place is hidden', () => {
  const texts = [
    `https://user:${SECRET}@p.test/x`,
    `https://${SECRET}@p.test/x`,
    `https://oauth2:a/b?c@${SECRET}@p.test`,
    `https://p.test/x?token=${SECRET}&a=b`,
    `https://p.test/x?X-Goog-Signature=${SECRET}`,
    `ghp_${SECRET}`,
    `ghs_${SECRET}`,
    `github_pat_${SECRET}`,
    `glpat-${SECRET}`,
    `xoxb-1-${SECRET}`,
    `npm_${SECRET}`,
    `pypi-${SECRET}`,
    `dckr_pat_${SECRET}`,
    `hvs.${SECRET}`,
    `ATATT${SECRET}`,
    `AKCp${SECRET}`,
    `sk_live_${SECRET}`,
    `sk-${SECRET}`,
    `AIza${SECRET}`,
    `ya29.${SECRET}`,
    `eyJ${SECRET}.eyJ${SECRET}.${SECRET}`,
    `Authorization: Basic ${SECRET}`,
    `authorization: Bearer ${SECRET}`,
    `Proxy-Authorization: ${SECRET}`,
    `Cookie: session=${SECRET}`,
    `password=${SECRET}`,
    `"password": "${SECRET}"`,
    `GITHUB_TOKEN=${SECRET}`,
    `AWS_SECRET_ACCESS_KEY='${SECRET}'`,
    `api_key: ${SECRET}`,
    `machine p.test login me password ${SECRET}`,
    `curl -u me:${SECRET} https://p.test`,
    `-----BEGIN OPENSSH PRIVATE KEY-----\n${SECRET}\n-----END`,
  ];
  for (const text of texts) assert.doesNotMatch(safeText(text), /Zx9/, text);
  assert.equal(safeText('AKIAIOSFODNN7EXAMPLE'), '[hidden]');
});

test('what is no secret stays readable', () => {
  const texts = [
    'go: m.test/x@v1.0.0: Get "https://p.test/m.test/x/@v/v1.0.0.mod": EOF',
    'parse https://m.test/x?go-get=1: no go-import meta tags ()',
    'downloaded: h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY=',
    "fatal: could not read Password for 'https://git.test': terminal prompts disabled",
    'remote: Support for password authentication was removed on August 13, 2021.',
    'go: m.test/x@v0.0.0-20200101000000-0123456789ab: invalid pseudo-version',
  ];
  for (const text of texts) assert.equal(safeText(text), text);
});

test('nothing commands a terminal or a build system, or reads backwards', () => {
  assert.equal(safeText('a\u001B[31mb\u0007c\u202Ed\te'), 'a [31mb c d e');
  assert.equal(safeText('::error file=a::b'), ': :error file=a::b');
  assert.equal(safeText('##vso[task.x]y ##[error]z'), '# #vso[task.x]y # #[error]z');
  assert.equal(safeText('section_end:12:x'), 'section_end :12:x');
});

test('long text of one kind is read in time that grows with its length', () => {
  for (const unit of ['a=', 'token', '://', '?a=', 'eyJ.', '-----BEGIN ', 'password ', '@']) {
    const text = unit.repeat(100_000 / unit.length);
    const started = process.cpuUsage();
    safeText(text);
    const { user } = process.cpuUsage(started);
    assert.ok(user < 2_000_000, `${unit}: ${user} µs`);
  }
});
