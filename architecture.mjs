// Who may import whom: the one table. `.dependency-cruiser.mjs` turns it into rules, and
// test/repository/architecture.test.ts plants violations to prove that they are found.
//
// Imports go down only: roots, then faces, then features, then foundation. A feature never imports
// another feature unless `exceptions` says so, and a folder is entered only through its index.ts.

/** @typedef {{ folders: readonly string[], mayImport: readonly string[] }} Kind */

/** Kinds of folder under src/, and the kinds that each may import. */
export const kinds = {
  /** Files and folders directly under src/ that put the program together; nothing imports them. */
  roots: {
    folders: ['main.ts', 'app.ts', 'app', 'config.ts', 'configuration'],
    mayImport: ['roots', 'faces', 'features', 'foundation'],
  },
  faces: { folders: ['cli', 'server', 'console'], mayImport: ['features', 'foundation'] },
  features: {
    folders: [
      'proxy',
      'doctor',
      'failures',
      'guard',
      'incidents',
      'config-lint',
      'governance',
      'telemetry',
      'drills',
      'go-environment',
      'manifest',
      'modcache',
    ],
    mayImport: ['foundation'],
  },
  foundation: {
    folders: [
      'platform',
      'gomod',
      'gosettings',
      'module-zip',
      'finding',
      'masking',
      'go-services.ts',
      'turns.ts',
    ],
    mayImport: [],
  },
};

/** One folder may import one more than its kind allows: [from, to, why]. */
export const exceptions = [
  ['guard', 'failures', 'the guard must know what kind of failure it saw before it retries'],
  ['platform', 'masking', 'nothing secret in a log, whoever writes it'],
  ['finding', 'masking', 'nothing secret in a finding, wherever it was seen'],
  ['gosettings', 'platform', 'only the go command knows its settings, and it is a process'],
  ['gosettings', 'gomod', 'go.sum and go.work files are read by its rules'],
  ['gosettings', 'go-services.ts', 'what go assumes where nobody says otherwise'],
  ['module-zip', 'gomod', 'Go decides what is a module zip'],
  ['module-zip', 'platform', 'zips lie on the disk'],
  ['module-zip', 'turns.ts', 'one large zip at a time'],
];

/**
 * Sub-folders with an index.ts are entered by it, and only from inside their feature. The ones
 * matched here are public: `*` stands for one folder name.
 */
export const publicSubDoors = [
  'gomod/*',
  // A worker process loads these two and nothing else of the engine and the server.
  'proxy/front',
  'server/front',
  // A signed tree head is checked by one code, also where there is no proxy.
  'proxy/checksum',
  // What the program puts around a guarded command; the guard itself needs none of it.
  'guard/reporting',
  'guard/surroundings',
  // What becomes of the scratch files of a process that died, before there is an engine.
  'proxy/partials',
  // Ports that only some need, apart from those that nearly everybody needs.
  'platform/http',
  'platform/machine',
  'platform/network',
  'platform/tree',
  'platform/workers',
];

/** Doors beside index.ts, each with the kinds that may use it. Tests always may. */
export const sideDoors = [
  // The adapters touch the outside world when they are made, so only the parts that put the
  // program together choose them; everybody else names the ports.
  { file: 'platform/adapters.ts', kinds: ['roots'] },
  { file: 'platform/worker-adapters.ts', kinds: ['roots'] },
  // What the real clock and the clock that tests move have in common.
  { file: 'platform/waiting.ts', kinds: [] },
];

/** A door has at most a dozen functions and values, and 18 names with the types; more only here. */
export const doorNames = {
  values: 12,
  names: 18,
  more: {
    // One name for each port.
    platform: 30,
    // Go's own vocabulary of versions, one small pure function each.
    'gomod/version': 20,
  },
};

/** npm packages and Node modules that only some folders may import: [pattern, folders, why]. */
export const packageWalls = [
  ['^undici$', ['platform'], 'one HTTP client, with one set of limits'],
  ['^commander$', ['cli'], 'the command line is one face of several'],
  ['^(hono|@hono/)', ['server', 'console', 'app'], 'HTTP faces, and where they are mounted'],
  ['^pino$', ['platform'], 'everybody else logs through the port'],
  ['^@opentelemetry/', ['telemetry'], 'features tell spans through the port'],
  ['^prom-client$', ['telemetry'], 'features count through the meter port'],
];

/** Pure folders: no npm package, and of Node only what computes. */
export const pureFolders = {
  folders: ['gomod', 'finding', 'masking'],
  nodeModules: ['buffer', 'crypto', 'util'],
};

/**
 * The kind of a file or folder directly under src/.
 * @param {string} folder
 * @returns {string | undefined}
 */
export function kindOf(folder) {
  return Object.entries(kinds).find(([, kind]) => kind.folders.includes(folder))?.[0];
}

/**
 * Every folder that `folder` may import, itself not included.
 * @param {string} folder
 * @returns {string[]}
 */
export function allowedTargets(folder) {
  const kind = kinds[kindOf(folder)];
  const byKind = kind.mayImport.flatMap((name) => kinds[name].folders);
  const byException = exceptions.filter(([from]) => from === folder).map(([, to]) => to);
  return [...byKind, ...byException].filter((target) => target !== folder);
}
