import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogue } from '../../src/failures/index.ts';
import { manifestChecks } from '../../src/manifest/index.ts';
import { triedLine } from '../failure-lab/fixes/mark-pages.ts';
import { fixes } from '../failure-lab/fixes/index.ts';
import { scenarios } from '../failure-lab/scenarios/index.ts';
import { failureIds } from './failure-ids.ts';
import { matching, text } from './sources.ts';

const letters: Readonly<Record<string, string>> = {
  T: 'transient',
  P: 'permanent',
  'T>P': 'transient-then-permanent',
  'P>T': 'permanent-but-cheap',
};
const known = Object.values(failureIds)
  .flatMap((row) => row.split(', '))
  .map((entry) => {
    const [id = '', letter = ''] = entry.split(' ');
    return `${id} ${letters[letter] ?? letter}`;
  });
const pages = matching('docs/findings/*.md').map((path) => ({
  path,
  id: path.split('/').at(-1)?.replace(/\.md$/, '') ?? '',
  markdown: text(path),
}));

test('the catalogue has every known failure mode, once, with what trying again brings', () => {
  assert.equal(known.length, 163 + 4);
  assert.deepEqual(catalogue.map(({ id, retry }) => `${id} ${retry}`).toSorted(), known.toSorted());
});

/** Every finding that has a page, with its title: causes of failed builds, and checks of manifests. */
const titles = new Map([
  ...catalogue.map(({ id, title }) => [id, title] as const),
  ...Object.entries(manifestChecks),
]);

test('each failure mode and each check of a manifest has its page, and each page its finding', () => {
  assert.deepEqual(pages.map(({ id }) => id).toSorted(), [...titles.keys()].toSorted());
});

test('each page has its title and says what it means, how to prove it, how to mend it and what not to do', () => {
  const wrong = pages.filter(({ id, markdown }) => {
    const title = titles.get(id) ?? '';
    const head = `# ${id}\n\n${title.charAt(0).toUpperCase()}${title.slice(1)}.\n`;
    const parts = [...markdown.matchAll(/^## (.+)$/gm)].map((found) => found[1]).join();
    const wanted = 'What it means,How to prove it,Fix,What not to do';
    return !markdown.startsWith(head) || parts !== wanted;
  });
  assert.deepEqual(
    wrong.map(({ path }) => path),
    [],
  );
});

test('each page says which fix the laboratory tried, and no other page says so', () => {
  const wrong = pages.filter(({ id, markdown }) => {
    const said = /^Tried in the laboratory[^#]*?(?=\n\n)/m.exec(markdown)?.[0];
    return said !== triedLine(id);
  });
  assert.deepEqual(
    wrong.map(({ path }) => path),
    [],
    'npm run lab:failures -- --mark writes them',
  );
  assert.ok(Object.keys(fixes).length >= 80);
});

test('each fix that is tried belongs to a scenario', () => {
  const known = new Set(scenarios.map(({ id, name }) => `${id}/${name}`));
  const unknown = Object.entries(fixes)
    .map(([id, { name }]) => `${id}/${name}`)
    .filter((one) => !known.has(one));
  assert.deepEqual(unknown, []);
});

test('no two pages share a paragraph', () => {
  const seen = new Map<string, string>();
  const shared = pages.flatMap(({ id, markdown }) =>
    markdown
      .split(/\n{2,}/)
      .map((paragraph) => paragraph.trim())
      .filter((paragraph) => paragraph !== '' && !paragraph.startsWith('#'))
      .flatMap((paragraph) => {
        const first = seen.get(paragraph);
        seen.set(paragraph, id);
        return first === undefined ? [] : [`${first} and ${id}: ${paragraph.slice(0, 80)}`];
      }),
  );
  assert.deepEqual(shared, []);
});

test('nothing that is to be typed weakens security', () => {
  const never =
    /GOSUMDB=off|GONOSUMDB=\*|GOINSECURE|-insecure\b|sslVerify[= ]*false|StrictHostKeyChecking[= ]*no|rm (?:-\w+ )?go\.sum|GIT_SSL_NO_VERIFY|curl (?:-k|--insecure)/;
  const advised = catalogue.flatMap(({ id, remedy, command = '' }) => [
    `${id}: ${remedy}`,
    `${id}: ${command}`,
  ]);
  const fixes = pages.map(({ id, markdown }) => {
    const fix = /## Fix\n(.*?)\n## /s.exec(markdown)?.[1] ?? '';
    return `${id}: ${fix}`;
  });
  assert.deepEqual(
    [...advised, ...fixes].filter((advice) => never.test(advice)),
    [],
  );
});

test('what a failure is mistaken for, or called elsewhere, is in the catalogue', () => {
  const ids = new Set(catalogue.map(({ id }) => id));
  const unknown = catalogue.flatMap(({ id, mistakenFor, elsewhere = {} }) =>
    [...mistakenFor, ...Object.values(elsewhere)]
      .filter((other) => !ids.has(other) || other === id)
      .map((other) => `${id}: ${other}`),
  );
  assert.deepEqual(unknown, []);
});

test('phrases are what the reader of logs can find: lower case, on one line, without what is escaped', () => {
  const odd = catalogue.flatMap(({ id, forms }) =>
    forms
      .flatMap(({ phrases }) => phrases)
      .filter(
        (phrase) =>
          phrase !== phrase.toLowerCase() || phrase.length < 3 || /[\n\r\\]|."/.test(phrase),
      )
      .map((phrase) => `${id}: ${phrase}`),
  );
  assert.deepEqual(odd, []);
});
