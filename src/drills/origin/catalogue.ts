import { createChecksumDatabase } from './checksum-database.ts';
import { textAnswer } from './plain-answer.ts';
import { createModuleMaker } from './synthetic-module.ts';
import type { Answer } from './plain-answer.ts';
import type { ChecksumDatabase } from './checksum-database.ts';
import type { DatabaseLieOrder } from './lying-database.ts';
import type { Route } from './route.ts';
import type { ModuleSpecification, SyntheticModule } from './synthetic-module.ts';

/** The modules of an origin and its right answer to each route. */
export interface Catalogue {
  readonly database: ChecksumDatabase | undefined;
  add(modules: readonly ModuleSpecification[]): void;
  /** `order` has the checksum database lie. */
  answer(
    route: Route,
    order?: DatabaseLieOrder,
  ): { readonly answer: Answer; readonly module: SyntheticModule | undefined };
}

export function createCatalogue(
  databaseName: string | undefined,
  { recordsAhead }: { readonly recordsAhead: boolean },
): Catalogue {
  const make = createModuleMaker();
  const modules = new Map<string, Map<string, SyntheticModule>>();

  function find(path: string, version: string): SyntheticModule | undefined {
    return modules.get(path)?.get(version);
  }
  const database =
    databaseName === undefined
      ? undefined
      : createChecksumDatabase(databaseName, ({ path, version }) =>
          find(path, version)?.sumLines(),
        );

  return {
    database,
    add(specifications) {
      for (const specification of specifications) {
        const versions = modules.get(specification.path) ?? new Map<string, SyntheticModule>();
        const module = make(specification);
        modules.set(module.path, versions.set(module.version, module));
        if (recordsAhead) database?.add(module, module.sumLines());
      }
    },
    answer(route, order) {
      if (route.kind === 'sumdb')
        return { answer: answerDatabase(database, route, order), module: undefined };
      const versions = modules.get(route.module);
      const module = route.kind === 'latest' ? newest(versions) : find(route.module, route.version);
      if (route.kind === 'list' && versions !== undefined) {
        return {
          answer: textAnswer(200, [...versions.keys()].map((name) => `${name}\n`).join('')),
          module,
        };
      }
      return { answer: answerModule(route, module), module };
    },
  };
}

function answerDatabase(
  database: ChecksumDatabase | undefined,
  route: Route,
  order: DatabaseLieOrder | undefined,
): Answer {
  const prefix = database === undefined ? undefined : `${database.name}/`;
  const asked =
    prefix !== undefined && route.rest.startsWith(prefix)
      ? route.rest.slice(prefix.length)
      : undefined;
  const found =
    asked === undefined
      ? undefined
      : order === undefined
        ? database?.answer(asked)
        : database?.lie(asked, order);
  if (found === undefined)
    return textAnswer(404, 'not found: the synthetic checksum database does not have this\n');
  const type = route.rest.includes('/tile/')
    ? 'application/octet-stream'
    : 'text/plain; charset=utf-8';
  const answer = textAnswer(200, '', type);
  return {
    ...answer,
    body: { length: found.length, pieces: (start, end) => [found.subarray(start, end)] },
  };
}

function answerModule(route: Route, module: SyntheticModule | undefined): Answer {
  if (module === undefined)
    return textAnswer(
      404,
      `not found: ${route.path.slice(1)}: the synthetic origin has no such module\n`,
    );
  switch (route.kind) {
    case 'info':
    case 'latest':
      return textAnswer(200, module.info, 'application/json');
    case 'mod':
      return textAnswer(200, module.goMod);
    case 'zip': {
      const etag = `"${module.version}-${module.zip().body.length}"`;
      const headers = { 'content-type': 'application/zip', 'accept-ranges': 'bytes', etag };
      return { status: 200, headers, body: module.zip().body };
    }
    default:
      return textAnswer(404, 'not found\n');
  }
}

/** The highest by numbers, which is right for the plain versions that the generators write. */
function newest(versions: Map<string, SyntheticModule> | undefined): SyntheticModule | undefined {
  const byNumbers = new Intl.Collator('en', { numeric: true });
  return [...(versions?.values() ?? [])]
    .sort((a, b) => byNumbers.compare(a.version, b.version))
    .at(-1);
}
