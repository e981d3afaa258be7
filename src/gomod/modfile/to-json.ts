import type { Modfile, ModuleVersion } from './modfile.ts';

/** Go's encoder also escapes what would be dangerous inside HTML or JavaScript, and bytes that are no UTF-8. */
function escapeForGo(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** JSON.stringify writes a byte that is no UTF-8 as the lone surrogate that carries it; Go as U+FFFD. */
function withoutBrokenText(json: string): string {
  return json.replace(/(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g, '$1\\ufffd');
}

/** Absent when empty, as Go's `omitempty`. */
function unlessEmpty(value: string): string | undefined {
  return value === '' ? undefined : value;
}

/** Go prints a list that was never filled as null. */
function listOf<T, Item>(items: readonly T[], convert: (item: T) => Item): readonly Item[] | null {
  return items.length === 0 ? null : items.map(convert);
}

function jsonOfModule(module: ModuleVersion): object {
  return { Path: module.path, Version: unlessEmpty(module.version) };
}

/** The file as `go mod edit -json` prints it, line break included. */
export function toJson(file: Modfile): string {
  const godebug = file.godebug.map(({ key, value }) => ({ Key: key, Value: value }));
  const json = {
    Module: {
      Path: file.module?.path ?? '',
      Deprecated: unlessEmpty(file.module?.deprecated ?? ''),
    },
    Go: unlessEmpty(file.go?.version ?? ''),
    Toolchain: unlessEmpty(file.toolchain?.name ?? ''),
    GoDebug: godebug.length === 0 ? undefined : godebug,
    Require: listOf(file.require, ({ module, indirect }) => ({
      ...jsonOfModule(module),
      Indirect: indirect || undefined,
    })),
    Exclude: listOf(file.exclude, ({ module }) => jsonOfModule(module)),
    Replace: listOf(file.replace, (replace) => ({
      Old: jsonOfModule(replace.old),
      New: jsonOfModule(replace.new),
    })),
    Retract: listOf(file.retract, ({ low, high, rationale }) => ({
      Low: unlessEmpty(low),
      High: unlessEmpty(high),
      Rationale: unlessEmpty(rationale),
    })),
    Tool: listOf(file.tool, ({ path }) => ({ Path: path })),
    Ignore: listOf(file.ignore, ({ path }) => ({ Path: path })),
  };
  return `${withoutBrokenText(escapeForGo(JSON.stringify(json, undefined, '\t')))}\n`;
}
