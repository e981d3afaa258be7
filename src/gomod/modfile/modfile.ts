import type { Line, Syntax } from './syntax.ts';
import type { VersionInterval } from './tokens.ts';

/** A module at a version; an empty version means every version, or a directory as the target of a replacement. */
export interface ModuleVersion {
  path: string;
  version: string;
}

export interface ModuleDirective {
  path: string;
  /** The text after `Deprecated:` in the comments; empty when the module is not deprecated. */
  readonly deprecated: string;
  readonly line: Line;
}

export interface GoDirective {
  version: string;
  readonly line: Line;
}

export interface ToolchainDirective {
  name: string;
  readonly line: Line;
}

export interface GodebugDirective {
  readonly key: string;
  value: string;
  readonly line: Line;
}

export interface RequireDirective {
  readonly module: ModuleVersion;
  indirect: boolean;
  line: Line;
}

export interface ExcludeDirective {
  readonly module: ModuleVersion;
  readonly line: Line;
}

export interface ReplaceDirective {
  readonly old: ModuleVersion;
  new: ModuleVersion;
  readonly line: Line;
}

export interface RetractDirective extends VersionInterval {
  readonly rationale: string;
  readonly line: Line;
}

/** A `tool`, `ignore` or `use` directive. */
export interface PathDirective {
  readonly path: string;
  readonly line: Line;
}

/** What go.mod and go.work have in common. */
export interface DirectiveFile {
  readonly syntax: Syntax;
  go?: GoDirective | undefined;
  toolchain?: ToolchainDirective | undefined;
  godebug: GodebugDirective[];
  replace: ReplaceDirective[];
}

/** A go.mod file: https://go.dev/ref/mod#go-mod-file. Each directive points to its line in `syntax`. */
export interface Modfile extends DirectiveFile {
  module?: ModuleDirective | undefined;
  require: RequireDirective[];
  exclude: ExcludeDirective[];
  retract: RetractDirective[];
  tool: PathDirective[];
  ignore: PathDirective[];
}

/** A go.work file: https://go.dev/ref/mod#go-work-file. */
export interface Workfile extends DirectiveFile {
  use: PathDirective[];
}
