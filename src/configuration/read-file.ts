import { dirname } from 'node:path';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Node, ParsedNode, YAMLParseError } from 'yaml';
import type { Files } from '../platform/index.ts';
import { allNames } from './names.ts';
import { quote } from './parsed.ts';
import { settings } from './settings.ts';
import { problem, type Problem, type Written } from './source.ts';
import { suggest } from './suggest.ts';

/** A configuration is a page or two; a larger file is another one, given by mistake. */
const LARGEST_FILE_BYTES = 1024 * 1024;

const EXAMPLE = 'each setting is one line, such as listen: 127.0.0.1:8080';

export interface ReadSettings {
  readonly written: readonly Written[];
  /** Whatever has one is not among the settings. */
  readonly problems: readonly Problem[];
}

/** The settings in a YAML file, or undefined where there is no such file. */
export async function readConfigurationFile(
  files: Pick<Files, 'readWhole'>,
  path: string,
  shownPath: string,
): Promise<ReadSettings | undefined> {
  const bytes = await files.readWhole(path, LARGEST_FILE_BYTES);
  if (bytes === undefined) return undefined;
  return readSettings(bytes.toString('utf8'), shownPath, dirname(path));
}

interface Reading {
  readonly where: (node: { readonly range?: unknown }) => string;
  readonly resolve: (node: unknown) => unknown;
  readonly problems: Problem[];
}

function readSettings(text: string, shownPath: string, directory: string): ReadSettings {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const reading: Reading = {
    where: (node) => {
      const start = Array.isArray(node.range) ? Number(node.range[0]) : 0;
      const { line, col } = lines.linePos(start);
      return `${shownPath}:${line}:${col}`;
    },
    resolve: (node) => (isAlias(node) ? node.resolve(document) : node),
    problems: [],
  };
  if (document.errors.length > 0) {
    return { written: [], problems: document.errors.map((error) => broken(reading, error)) };
  }
  const top = document.contents;
  if (top === null || (isScalar(top) && top.value === null)) return { written: [], problems: [] };
  if (!isMap(top)) {
    return {
      written: [],
      problems: [problem(reading.where(top), 'the file holds no settings', EXAMPLE)],
    };
  }
  const written: Written[] = [];
  for (const pair of top.items) {
    const name = nameOf(reading, pair.key);
    if (name === undefined) continue;
    const value = pair.value as Node | null;
    const values = valuesOf(reading, pair.key, value, settings[name].repeatable === true);
    if (values === undefined) continue;
    written.push({ name, values, origin: reading.where(value ?? pair.key), directory });
  }
  return { written, problems: reading.problems };
}

function nameOf(reading: Reading, node: ParsedNode): Written['name'] | undefined {
  const key: unknown = isScalar(node) ? node.value : undefined;
  const found = allNames.find((names) => names.key === key);
  if (found !== undefined) return found.name;
  const text = String(key);
  const near = suggest(
    text,
    allNames.map((names) => names.key),
  );
  const meant = near === undefined ? '' : `; did you mean ${near}?`;
  const hint =
    near === undefined
      ? 'take the line out; cofferdam config print shows every setting'
      : `write ${near}, or take the line out`;
  const what = `there is no setting ${quote(text)}${meant}`;
  reading.problems.push(problem(reading.where(node), what, hint));
  return undefined;
}

/** The texts of a scalar or of a list of scalars; an empty value counts as not written. */
function valuesOf(
  reading: Reading,
  key: ParsedNode,
  value: Node | null,
  mayBeList: boolean,
): readonly string[] | undefined {
  const node = reading.resolve(value);
  if (node === null || (isScalar(node) && node.value === null)) return undefined;
  const name = isScalar(key) ? String(key.value) : '';
  const items = isSeq(node) && mayBeList ? node.items.map(reading.resolve) : [node];
  const values: string[] = [];
  for (const item of items) {
    if (isScalar(item) && ['string', 'number', 'boolean', 'bigint'].includes(typeof item.value)) {
      values.push(textOf(item));
      continue;
    }
    const kind = mayBeList ? 'one value or a list of values' : 'one value';
    const where = reading.where(value ?? key);
    reading.problems.push(problem(where, `${name} takes ${kind}`, EXAMPLE));
    return undefined;
  }
  return values;
}

/** Numbers as they were written: 010 and 1e3 are texts to the reader of the setting. */
function textOf(scalar: { readonly value: unknown; readonly source?: string | undefined }): string {
  return typeof scalar.value === 'string' ? scalar.value : (scalar.source ?? String(scalar.value));
}

function broken(reading: Reading, error: YAMLParseError): Problem {
  const [first = ''] = error.message.split('\n');
  const what = `this is not YAML: ${first.replace(/\.$/, '')}`;
  return problem(reading.where({ range: error.pos }), what, EXAMPLE);
}
