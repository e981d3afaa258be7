import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { committedFiles, isTest, matching, text } from './sources.ts';
import { repository } from './working-copy.ts';

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'STYLE.md',
  ...matching('docs/**/*.md'),
];

/** Paths in backquotes that begin with a folder of ours or are a file at the top. */
function namedPaths(markdown: string): readonly string[] {
  const prose = markdown.replaceAll(/^```.*?^```/gms, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)]
    .map((found) => found[1] ?? '')
    .filter((name) =>
      /^(src|test|docs|scripts|bench|bin|\.ci)\/[\w./*-]+$|^[\w.-]+\.(md|mjs|json|sh)$/.test(name),
    )
    .map((name) => name.replace(/[.,;:]$/, ''));
}

test('paths named in the documents exist', () => {
  const top = ['README.md', 'CONTRIBUTING.md', 'STYLE.md', 'docs/architecture.md'];
  const missing = [...top, ...matching('docs/decisions/*.md')].flatMap((document) =>
    namedPaths(text(document))
      .filter((path) => matching(path.replace(/\/$/, '')).length === 0)
      .map((path) => `${document}: ${path}`),
  );
  assert.deepEqual(missing, []);
});

test('links between documents lead somewhere', () => {
  const broken = documents.flatMap((document) =>
    [...text(document).matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)]
      .map((found) => found[1] ?? '')
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => !existsSync(join(repository, normalize(join(dirname(document), target)))))
      .map((target) => `${document}: ${target}`),
  );
  assert.deepEqual(broken, []);
});

test('npm commands named in the documents exist', () => {
  const manifest = JSON.parse(text('package.json')) as { readonly scripts: Record<string, string> };
  const unknown = documents.flatMap((document) =>
    [...text(document).matchAll(/npm run ([a-z][a-z0-9:-]*)/g)]
      .map((found) => found[1] ?? '')
      .filter((name) => !(name in manifest.scripts))
      .map((name) => `${document}: npm run ${name}`),
  );
  assert.deepEqual(unknown, []);
});

test('each decision record has its parts and ends with what checks it', () => {
  const records = matching('docs/decisions/*.md');
  const problems = records.flatMap((record) => {
    const headings = [...text(record).matchAll(/^## (.+)$/gm)].map((found) => found[1]);
    const wanted = ['Context', 'Decision', 'Rejected', 'Consequences', 'What checks it'];
    return headings.join() === wanted.join() ? [] : [`${record}: ${headings.join(', ')}`];
  });
  assert.ok(records.length >= 4);
  assert.deepEqual(problems, []);
  const numbers = records.map((record) => record.split('/').at(-1)?.slice(0, 4));
  assert.deepEqual(numbers, [...new Set(numbers)]);
});

test('the map of the documents names each of them', () => {
  const map = text('docs/README.md');
  const top = matching('docs/*.md').filter((path) => path !== 'docs/README.md');
  assert.deepEqual(
    top.filter((path) => !map.includes(path.slice('docs/'.length))),
    [],
  );
});

test('committed files name no path of one machine or session', () => {
  // Put together here, so that this file does not name them either.
  const forbidden = ['tmp brief', 'work main', 'work shared', '.library env', 'bin node26'].map(
    (parts) => `/${parts.split(' ').join('/')}`,
  );
  const named = committedFiles()
    .filter((path) => !/\.(zip|png|gz|ico|woff2?)$/.test(path))
    .flatMap((path) => {
      const content = text(path);
      return forbidden.filter((part) => content.includes(part)).map((part) => `${path}: ${part}`);
    });
  assert.deepEqual(named, []);
});

test('the lockfile has what package.json asks for, in exact versions', () => {
  interface Manifest {
    readonly dependencies: object;
    readonly devDependencies: object;
    readonly optionalDependencies: object;
  }
  const manifest = JSON.parse(text('package.json')) as Manifest;
  const lock = JSON.parse(text('package-lock.json')) as { readonly packages: { '': Manifest } };
  for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies'] as const) {
    assert.deepEqual(lock.packages[''][kind], manifest[kind]);
    for (const version of Object.values(manifest[kind])) {
      assert.match(String(version), /^\d+\.\d+\.\d+$/);
    }
  }
});

test('only src/go-services.ts names the public services of Go', () => {
  const names = /proxy\.golang\.org|sum\.golang\.(org|google\.cn)|index\.golang\.org/;
  const naming = matching('src/**/*.ts').filter(
    (path) => path !== 'src/go-services.ts' && !isTest(path) && names.test(text(path)),
  );
  assert.deepEqual(naming, []);
});

test('the lockfile names no registry host', () => {
  const hosts = [...text('package-lock.json').matchAll(/"resolved": *"([^"]+)"/g)];
  assert.deepEqual(
    hosts.map((found) => found[1]),
    [],
  );
  assert.doesNotMatch(text('.npmrc'), /registry *=/);
});
