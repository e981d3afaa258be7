import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createForwardProxies } from '../../src/platform/http/forward-proxy.ts';
import { isProgramError } from '../../src/platform/errors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { buildHttpOracle } from './oracle.ts';
import type { GoChoice } from './oracle.ts';

const name = fc.constantFrom(
  'example.com',
  'sub.example.com',
  'deep.sub.example.com',
  'notexample.com',
  'com',
  'localhost',
  'localhost.example.com',
  'my.localhost',
  'xn--mnchen-3ya.de',
  'www.xn--mnchen-3ya.de',
  'a',
  'proxy',
  'example.com.',
);
const address4 = fc.oneof(
  fc.constantFrom(
    '127.0.0.1',
    '127.200.3.4',
    '10.0.0.1',
    '10.0.255.7',
    '192.168.1.1',
    '0.0.0.0',
    '255.255.255.255',
  ),
  fc.ipV4(),
);
const address6 = fc.constantFrom(
  '::1',
  '::',
  'fe80::1',
  '2001:db8::7',
  '2001:db8:1::7',
  '::ffff:10.0.0.1',
  '::ffff:127.0.0.1',
  '1:2:3:4:5:6:7:8',
);
const port = fc.constantFrom('80', '443', '8080', '3128', '1', '65535', '1080');

const host = fc.oneof(
  name,
  address4,
  address6.map((address) => `[${address}]`),
);
const target = fc
  .tuple(
    fc.constantFrom('http', 'https'),
    host,
    fc.option(port),
    fc.constantFrom('', '/', '/a?b=c'),
  )
  .map(
    ([scheme, place, number, rest]) =>
      new URL(`${scheme}://${place}${number === null ? '' : `:${number}`}${rest}`),
  );

const exception = fc.oneof(
  { weight: 6, arbitrary: fc.oneof(name, address4, address6) },
  { weight: 2, arbitrary: name.map((text) => `.${text}`) },
  { weight: 2, arbitrary: name.map((text) => `*.${text}`) },
  { weight: 1, arbitrary: name.map((text) => text.toUpperCase()) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.oneof(
          name,
          name.map((text) => `.${text}`),
          host,
        ),
        port,
      )
      .map((parts) => parts.join(':')),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(address4, fc.integer({ min: 0, max: 34 })).map((parts) => parts.join('/')),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(address6, fc.integer({ min: 0, max: 130 })).map((parts) => parts.join('/')),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '*',
      '',
      ' ',
      '*.',
      '.',
      ':',
      ':80',
      '[::1]',
      '[::1',
      '::1]',
      '[::1]:',
      '[]:80',
      'münchen.de',
      '.MÜNCHEN.de',
      '*.münchen.de:443',
      '10.0.0.0/08',
      '10.0.0.0/',
      '010.0.0.1',
      'fe80::1%eth0',
      'fe80::1%eth0/64',
      '10.0.0.1:',
      '*example.com',
      '*:80',
      'a:b:c',
      '1.2.3.4.5',
      '10.0.0',
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 6 }).filter((text) => !text.includes('\0')) },
);
const exceptions = fc
  .array(
    fc.tuple(fc.constantFrom('', ' ', '\t'), exception).map((parts) => parts.join('')),
    { maxLength: 6 },
  )
  .map((items) => items.join(','));

const proxyPlace = fc.oneof(
  fc
    .tuple(host, fc.option(port))
    .map(([place, number]) => (number === null ? place : `${place}:${number}`)),
  fc.constantFrom(
    '',
    ':3128',
    'proxy:',
    'a:b',
    'a:1:2',
    '[::1',
    '::1',
    '[fe80::1%25eth0]:80',
    '[1.2.3.4]:80',
    'pro xy',
    'm%C3%BCnchen.de',
    'a%41.de',
    'münchen.de:3128',
    'a%25b',
    'x<y>',
    'bad|host',
    '[::1]x',
  ),
);
const proxyValue = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(
        fc.constantFrom(
          'http://',
          'https://',
          'socks5://',
          'socks5h://',
          'HTTP://',
          'Socks5://',
          'ftp://',
          '',
          '//',
          'http:',
          'http:/',
          '://',
          'a+b://',
          '1a://',
        ),
        fc.constantFrom(
          '',
          '',
          '',
          'user@',
          'user:pass@',
          'us%40er:p%3Ass@',
          ':@',
          'user:@',
          'us er@',
          'a@b:c@',
          'u%zz@',
          'ü:ö@',
          'user:p|w@',
        ),
        proxyPlace,
        fc.constantFrom(
          '',
          '',
          '',
          '/',
          '/path',
          '/%zz',
          '?query',
          '#fragment',
          '#%zz',
          '/a?b#c',
          '\t',
        ),
      )
      .map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 12 }).filter((text) => !text.includes('\0')) },
);

const variable = fc.constantFrom('HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy');
const environment = fc
  .tuple(
    fc.dictionary(variable, proxyValue, { minKeys: 1, maxKeys: 3 }),
    fc.dictionary(fc.constantFrom('NO_PROXY', 'no_proxy'), exceptions, { maxKeys: 2 }),
    fc.constantFrom({}, {}, {}, {}, {}, { REQUEST_METHOD: 'GET' }),
  )
  .map((parts) => Object.assign({}, ...parts) as Record<string, string>);

function ourChoice(variables: Readonly<Record<string, string>>, url: URL): GoChoice {
  try {
    const proxy = createForwardProxies(variables)(url);
    if (proxy === undefined) return {};
    return {
      proxied: true,
      ...(proxy.scheme === '' ? {} : { scheme: proxy.scheme }),
      ...(proxy.host === '' ? {} : { host: proxy.host }),
      ...(proxy.port === '' ? {} : { port: proxy.port }),
      ...(proxy.user === undefined ? {} : { hasUser: true }),
      ...(proxy.user?.name ? { name: proxy.user.name } : {}),
      ...(proxy.user?.password ? { password: proxy.user.password } : {}),
    };
  } catch (error) {
    if (isProgramError(error)) return { error: true };
    throw error;
  }
}

test('createForwardProxies() chooses for 6,000 random environments and URLs what Go chooses', async (context) => {
  const oracle = await buildHttpOracle(await temporaryFolder(context));
  const counts = { cases: 0, proxied: 0, direct: 0, refused: 0 };
  fc.assert(
    fc.property(
      environment,
      fc.array(target, { minLength: 20, maxLength: 20 }),
      (variables, urls) => {
        const expected = oracle.choose(
          variables,
          urls.map((url) => url.href),
        );
        for (const [index, url] of urls.entries()) {
          const ours = ourChoice(variables, url);
          assert.deepEqual(ours, expected[index], `${url.href} with ${JSON.stringify(variables)}`);
          counts.cases += 1;
          counts[ours.error ? 'refused' : ours.proxied ? 'proxied' : 'direct'] += 1;
        }
      },
    ),
    { numRuns: 300 },
  );
  context.diagnostic(JSON.stringify(counts));
  assert.ok(counts.cases >= 6_000 && counts.proxied > 500 && counts.direct > 500);
});
