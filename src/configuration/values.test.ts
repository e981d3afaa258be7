import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { goServices } from '../go-services.ts';
import { formatAddress, parseAddress } from './address.ts';
import { formatChecksumDatabase, parseChecksumDatabase } from './checksum-database.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { maskAddressList } from '../masking/index.ts';
import type { Parsed } from './parsed.ts';
import { parsePatterns } from './patterns.ts';
import { formatSize, parseSize } from './size.ts';
import { suggest } from './suggest.ts';

function value<T>(parsed: Parsed<T>): T {
  assert.ok(parsed.ok, parsed.ok ? '' : parsed.problem);
  return parsed.value;
}

function problem(parsed: Parsed<unknown>): string {
  assert.ok(!parsed.ok, 'it was accepted');
  return parsed.problem;
}

test('sizes have binary and decimal units, or none', () => {
  assert.equal(value(parseSize('64MiB')), 67_108_864);
  assert.equal(value(parseSize('20GiB')), 21_474_836_480);
  assert.equal(value(parseSize('1.5 kib')), 1536);
  assert.equal(value(parseSize('2MB')), 2_000_000);
  assert.equal(value(parseSize('1048576')), 1_048_576);
});

test('what is no size is refused', () => {
  for (const text of ['', 'MiB', '-1', '1e3', '10 apples', '1.2.3MiB', '0x10']) {
    assert.match(problem(parseSize(text)), /is not a size/, text);
  }
  assert.match(problem(parseSize('9999999999TiB')), /larger than any disk/);
});

test('every size is read back as it is shown', () => {
  fc.assert(fc.property(fc.maxSafeNat(), (bytes) => value(parseSize(formatSize(bytes))) === bytes));
});

test('durations are sums of counts with units', () => {
  assert.equal(value(parseDuration('30s')), 30_000);
  assert.equal(value(parseDuration('10m')), 600_000);
  assert.equal(value(parseDuration('1h30m')), 5_400_000);
  assert.equal(value(parseDuration('7d')), 604_800_000);
  assert.equal(value(parseDuration('1.5s')), 1_500);
});

test('what is no duration is refused', () => {
  for (const text of ['', '30', '10 m', 's', '-5s', '5y', '1h 30m']) {
    assert.match(problem(parseDuration(text)), /is not a duration/, text);
  }
  assert.match(problem(parseDuration('999999999999w')), /thousand years/);
});

test('every duration is read back as it is shown', () => {
  const times = fc.integer({ min: 0, max: 10 ** 12 });
  fc.assert(fc.property(times, (time) => value(parseDuration(formatDuration(time))) === time));
});

test('addresses are names, IPv4, IPv6 in brackets, or every address', () => {
  assert.deepEqual(value(parseAddress('127.0.0.1:8080')), { host: '127.0.0.1', port: 8080 });
  assert.deepEqual(value(parseAddress(':0')), { host: undefined, port: 0 });
  assert.deepEqual(value(parseAddress('[::1]:443')), { host: '::1', port: 443 });
  assert.deepEqual(value(parseAddress('go.example.com:80')), { host: 'go.example.com', port: 80 });
  assert.equal(formatAddress({ host: '::1', port: 1 }), '[::1]:1');
  assert.equal(formatAddress({ host: undefined, port: 1 }), ':1');
});

test('an address that is none says what is missing', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['8080', /write :8080 for every address/],
    ['localhost', /is not HOST:PORT/],
    ['::1', /put an IPv6 address in brackets/],
    ['[::x]:1', /no IPv6 address in its brackets/],
    ['http://127.0.0.1:8080', /leave out the scheme/],
    ['127.0.0.1:65536', /port above 65535/],
    ['127.0.0.999:80', /no valid IPv4 address/],
    ['a b:80', /no valid host name/],
    ['', /is not HOST:PORT/],
  ];
  for (const [text, expected] of cases) assert.match(problem(parseAddress(text)), expected, text);
});

test('pattern lists lose spaces and empty places', () => {
  assert.equal(
    value(parsePatterns(' *.corp.example.com, git.example.com/team ,,')),
    '*.corp.example.com,git.example.com/team',
  );
});

test('a pattern that go would silently ignore is refused', () => {
  assert.match(problem(parsePatterns('git.example.com/[a')), /without its \]/);
  assert.match(problem(parsePatterns('git.example.com\\')), /ends in a backslash/);
  assert.match(problem(parsePatterns('https://git.example.com')), /is a URL/);
  assert.match(
    problem(parsePatterns('a.example.com b.example.com')),
    /separate patterns with commas/,
  );
  assert.match(problem(parsePatterns('/x')), /begins with a slash/);
  assert.equal(value(parsePatterns('x.com/[a-c]*')), 'x.com/[a-c]*');
});

test("Go's own database needs no key and has an alias with a URL", () => {
  const { name, key, alias } = goServices.checksumDatabase;
  assert.deepEqual(value(parseChecksumDatabase(name)), { name, key, url: undefined });
  assert.deepEqual(value(parseChecksumDatabase(alias.name)), { name, key, url: alias.url });
  assert.deepEqual(value(parseChecksumDatabase(key)), { name, key, url: undefined });
});

test('a database may have a path, a key and a URL of its own, or be off', () => {
  assert.equal(value(parseChecksumDatabase('off')), undefined);
  const plain = { name: 'sum.example.com/internal', key: undefined, url: undefined };
  assert.deepEqual(value(parseChecksumDatabase('sum.example.com/internal')), plain);
  const { name, key } = goServices.checksumDatabase;
  const url = 'https://sums.example.com/db';
  const elsewhere = value(parseChecksumDatabase(`${key} ${url}`));
  assert.deepEqual(elsewhere, { name, key, url });
  assert.equal(elsewhere === undefined ? '' : formatChecksumDatabase(elsewhere), `${key} ${url}`);
});

test('a key with a wrong character is refused before anything is verified with it', () => {
  const { key, name } = goServices.checksumDatabase;
  const wrong = key.replace('+Ac', '+Ad');
  assert.match(problem(parseChecksumDatabase(wrong)), /a character is wrong/);
  assert.match(problem(parseChecksumDatabase(`${name}+033de0ae+AAAA`)), /malformed key/);
  assert.match(problem(parseChecksumDatabase(`${key} ftp://x`)), /not an http or https URL/);
  assert.match(problem(parseChecksumDatabase('a b c')), /more than a name/);
  assert.match(problem(parseChecksumDatabase('')), /names no checksum database/);
});

test('secrets in URLs are shown as [hidden], also in lists', () => {
  const list = 'https://user:pa,ss@one.example.com/p|https://two.example.com,file:///srv/modules';
  const shown = maskAddressList(list);
  assert.doesNotMatch(shown, /user|pa,ss/);
  assert.equal(
    shown,
    'https://[hidden]@one.example.com/p|https://two.example.com,file:///srv/modules',
  );
  assert.equal(maskAddressList('/var/lib/cofferdam'), '/var/lib/cofferdam');
  assert.equal(maskAddressList('https://a.example.com'), 'https://a.example.com');
});

test('a misspelt name finds the one that was meant', () => {
  const known = ['listen', 'store', 'upstream', 'private_upstream', 'max_store_size'];
  assert.equal(suggest('lisetn', known), 'listen');
  assert.equal(suggest('upstraem', known), 'upstream');
  assert.equal(suggest('max-store-size', known), 'max_store_size');
  assert.equal(suggest('colour', known), undefined);
  assert.equal(suggest('', known), undefined);
  assert.equal(suggest('x'.repeat(10_000), known), undefined);
});
