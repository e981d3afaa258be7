// go.mod and go.work files: reading with problems and positions, editing, and writing as `go` does.
export { editModfile, type ModfileEdit } from './edit-modfile.ts';
export { formatModfile, printModfile } from './format-modfile.ts';
export type { Modfile, ModuleVersion, Workfile } from './modfile.ts';
export { modulePathOf } from './module-path-of.ts';
export { parseModfile, parseWorkfile } from './parse-modfile.ts';
export type { ModfileProblem, ParsedFile } from './problem.ts';
export { setRequire, type Requirement } from './set-require.ts';
export { toJson } from './to-json.ts';
