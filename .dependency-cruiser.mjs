// The rules of architecture.mjs for dependency-cruiser. TypeScript 7 has no programming interface,
// so imports are read with swc; with the default parser the tool would see no module at all.
import { existsSync, readdirSync } from 'node:fs';
import {
  allowedTargets,
  exceptions,
  kinds,
  packageWalls,
  publicSubDoors,
  pureFolders,
  sideDoors,
} from './architecture.mjs';

const tests = '(\\.(test|contract|fuzz)\\.ts$|/testdata/)';
const folders = Object.values(kinds).flatMap((kind) => kind.folders);
// The folders of the roots belong together and have no door: nobody else may enter them anyway.
const closed = folders.filter(
  (name) => !name.endsWith('.ts') && !kinds.roots.folders.includes(name),
);

/** A path under src/ as a regular expression: a file exactly, a folder with all in it. */
const under = (name) => (name.endsWith('.ts') ? `${escape(name)}$` : `${escape(name)}/`);
const escape = (text) => text.replaceAll('.', '\\.').replaceAll('*', '[^/]+');
const anyOf = (names) => `^src/(${names.map(under).join('|')})`;
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const general = [
  rule('no-cycles', 'A cycle makes two modules one.', {}, { circular: true }),
  rule(
    'no-unresolved',
    'An import that leads nowhere.',
    {},
    { couldNotResolve: true, dependencyTypesNot: ['core'] },
  ),
  rule(
    'roots-are-not-imported',
    'The roots put the parts together; parts get what they need passed in.',
    { path: '^src/', pathNot: [anyOf(kinds.roots.folders), tests] },
    { path: anyOf(kinds.roots.folders) },
  ),
  rule(
    'no-tests-in-production',
    'Production code imports no test, contract or benchmark.',
    { path: '^src/', pathNot: tests },
    { path: [tests, '^(test|bench|scripts)/'] },
  ),
  rule(
    'known-folder',
    'A folder under src/ must be in the table in architecture.mjs.',
    { path: '^src/', pathNot: [anyOf(folders), '^src/[^/]+\\.test\\.ts$'] },
    {},
  ),
  rule(
    'known-folder-entered',
    'A folder under src/ must be in the table in architecture.mjs.',
    {},
    { path: '^src/', pathNot: [anyOf(folders), '^src/[^/]+\\.test\\.ts$'] },
  ),
];

const walls = folders.map((folder) =>
  rule(
    `${folder}-imports-down`,
    `src/${folder} may import ${allowedTargets(folder).join(', ') || 'no other folder'}.`,
    { path: anyOf([folder]), pathNot: tests },
    { path: '^src/', pathNot: anyOf([folder, ...allowedTargets(folder)]) },
  ),
);

// Tests of a feature may use the foundation and the other parts of their own kind's allowance, and
// the test support; they do not reach into a neighbour either.
const testWalls = closed.map((folder) =>
  rule(
    `${folder}-tests-import-down`,
    'A test beside the code imports what the code may import.',
    { path: `^src/${folder}/.*${tests}` },
    { path: '^src/', pathNot: anyOf([folder, ...allowedTargets(folder), 'platform']) },
  ),
);

const sideDoorFiles = sideDoors.map(({ file }) => `^src/${escape(file)}$`);
// A contract suite is for every adapter's test, wherever the adapter stands.
const contracts = '\\.contract\\.ts$';
const publicDoors = publicSubDoors.map((pattern) => `^src/${escape(pattern)}/index\\.ts$`);

const doors = closed.map((folder) =>
  rule(
    `${folder}-by-its-door`,
    `src/${folder} is entered through its index.ts.`,
    { path: '^(src|test|bench|scripts)/', pathNot: `^src/${folder}/` },
    {
      path: `^src/${folder}/`,
      pathNot: [`^src/${folder}/index\\.ts$`, ...sideDoorFiles, ...publicDoors, contracts],
    },
  ),
);

const ownDoors = closed.map((folder) =>
  rule(
    `${folder}-not-its-own-door`,
    'Files inside a folder import each other directly, never their own door.',
    { path: `^src/${folder}/`, pathNot: tests },
    { path: `^src/${folder}/index\\.ts$` },
  ),
);

const subFolders = closed.flatMap((folder) => {
  if (!existsSync(`src/${folder}`)) return [];
  return readdirSync(`src/${folder}`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .filter((entry) => existsSync(`src/${folder}/${entry.name}/index.ts`))
    .map((entry) => `${folder}/${entry.name}`);
});

const subDoors = subFolders.flatMap((folder) => [
  rule(
    `${folder}-by-its-door`,
    `src/${folder} is entered through its index.ts.`,
    // A side door gathers what stands in the sub-folders too: their own doors must not load adapters.
    { pathNot: [`^src/${folder}/`, ...sideDoorFiles] },
    { path: `^src/${folder}/`, pathNot: [`^src/${folder}/index\\.ts$`, contracts] },
  ),
  rule(
    `${folder}-not-its-own-door`,
    'Files inside a folder import each other directly, never their own door.',
    { path: `^src/${folder}/`, pathNot: tests },
    { path: `^src/${folder}/index\\.ts$` },
  ),
]);

const sides = sideDoors.map(({ file, kinds: allowed }) =>
  rule(
    `${file}-for-${[...allowed, 'tests'].join('-and-')}`,
    `src/${file} is for ${[...allowed, 'tests'].join(' and ')}.`,
    {
      path: '^src/',
      pathNot: [
        tests,
        `^src/${file.split('/')[0]}/`,
        ...allowed.map((kind) => anyOf(kinds[kind].folders)),
      ],
    },
    { path: `^src/${escape(file)}$` },
  ),
);

const packages = packageWalls.map(([pattern, allowed, why]) =>
  rule(
    `package ${pattern}`,
    why,
    { path: '^src/', pathNot: [anyOf(allowed), tests] },
    { path: [pattern, `(^|/)node_modules/${pattern.replace(/^\^/, '').replace(/\$$/, '/')}`] },
  ),
);

const pure = [
  rule(
    'pure-folders-no-packages',
    'Pure rules: no npm package.',
    { path: anyOf(pureFolders.folders), pathNot: tests },
    { path: 'node_modules' },
  ),
  rule(
    'pure-folders-no-outside',
    'Pure rules: of Node only what computes.',
    { path: anyOf(pureFolders.folders), pathNot: tests },
    {
      dependencyTypes: ['core'],
      pathNot: `^(node:)?(${pureFolders.nodeModules.join('|')})$`,
    },
  ),
];

for (const [from, to] of exceptions) {
  if (!folders.includes(from) || !folders.includes(to)) {
    throw new Error(`architecture.mjs: exception ${from} -> ${to} names an unknown folder`);
  }
}

export default {
  forbidden: [
    ...general,
    ...walls,
    ...testWalls,
    ...doors,
    ...ownDoors,
    ...subDoors,
    ...sides,
    ...packages,
    ...pure,
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.mjs', '.js', '.json', '.d.ts'] },
  },
};
